import type { DeliveryFault } from "../delivery.ts";
import { everybody } from "../stage.ts";
import { during, Story, type Incident } from "./incident.ts";

const LOST_SHARE = 0.12;

export const LOST_EVENTS: Incident = {
  name: "lost-events",
  summary: "A consumer of the agent event stream drops records: status changes and contact states are missing.",
  wires: ["agent_event"],
  plan: (stage, span) => {
    const story = new Story(stage, {
      name: "lost-events",
      span,
      whatHappened:
        "One in eight agent events was lost on its way, without a trace in the stream itself. Heartbeats were lost too. What is missing can be told by previous snapshots that do not match.",
      lookAt: [
        "agent_event: PreviousAgentSnapshot differs from the current one of the event before",
        "truth.ndjson: delivery, what 'lost', one line for each",
      ],
    });
    const fault: DeliveryFault = (source, body) => {
      if (source !== "agent_event" || !stage.random.chance(LOST_SHARE)) return undefined;
      const agent = everybody(stage).find(({ profile }) => body.includes(profile.arn));
      if (agent !== undefined) story.touchAgent(agent);
      return { what: "lost" };
    };
    during(
      stage,
      span,
      () => stage.delivery.faults.add(fault),
      () => stage.delivery.faults.delete(fault),
    );
  },
};
