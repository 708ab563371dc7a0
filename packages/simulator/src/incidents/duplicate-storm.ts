import type { DeliveryFault } from "../delivery.ts";
import { during, Story, type Incident } from "./incident.ts";

const SHARE = 0.7;

export const DUPLICATE_STORM: Incident = {
  name: "duplicate-storm",
  summary: "A stuck checkpoint delivers everything several times, minutes apart.",
  wires: ["agent_event", "contact_event", "contact_record", "flow_log", "cloudtrail"],
  plan: (stage, span) => {
    void new Story(stage, {
      name: "duplicate-storm",
      span,
      whatHappened:
        "A consumer could not write its checkpoint and read the same records again and again. Most records were delivered two to four times, byte by byte the same.",
      lookAt: [
        "import report: duplicates far above the usual",
        "every figure: the same as without the storm",
        "truth.ndjson: delivery, what 'duplicated'",
      ],
    });
    const fault: DeliveryFault = (source) => {
      if (source === "ccp_log" || !stage.random.chance(SHARE)) return undefined;
      const againAfterMs = Array.from({ length: stage.random.integer(1, 3) }, () =>
        stage.random.integer(2_000, 240_000),
      );
      return { what: "duplicated", againAfterMs };
    };
    during(
      stage,
      span,
      () => stage.delivery.faults.add(fault),
      () => stage.delivery.faults.delete(fault),
    );
  },
};
