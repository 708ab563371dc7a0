import type { DeliveryFault } from "../delivery.ts";
import { during, Story, type Incident } from "./incident.ts";

const LATE_MS = { least: 12 * 60_000, most: 25 * 60_000 } as const;

export const LATE_TRAIL: Incident = {
  name: "late-trail",
  summary: "CloudTrail delivers nothing for a while, then everything at once: files hold records of long before.",
  wires: ["cloudtrail"],
  plan: (stage, span) => {
    void new Story(stage, {
      name: "late-trail",
      span,
      whatHappened:
        "The delivery of CloudTrail files was held up. Records of that time came 12 to 25 minutes late, in files whose names and folders tell the time of delivery and not of the calls.",
      lookAt: [
        "cloudtrail: event times far before the time in the file's name",
        "a watermark by event time would have skipped them",
        "truth.ndjson: delivery, what 'late'",
      ],
    });
    const fault: DeliveryFault = (source) =>
      source === "cloudtrail"
        ? { what: "late", afterMs: stage.random.integer(LATE_MS.least, LATE_MS.most) }
        : undefined;
    during(
      stage,
      span,
      () => stage.delivery.faults.add(fault),
      () => stage.delivery.faults.delete(fault),
    );
  },
};
