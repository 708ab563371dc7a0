import type { ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

const TOO_SMALL = 1;
const USUAL = 40;
const RUSH = 2.5;

export const QUEUE_FULL: Incident = {
  name: "queue-full",
  summary: "A queue's limit is set to 1 by mistake during a rush: the flow turns callers away with a busy message.",
  wires: ["cloudtrail", "flow_log", "contact_event", "contact_record"],
  plan: (stage, span) => {
    const { support } = stage.world.queues;
    const story = new Story(stage, {
      name: "queue-full",
      span,
      whatHappened: `Somebody set the maximum of contacts in ${support.name} to ${TOO_SMALL} in the admin website, while more people called than usual. The transfer took its at-capacity branch and the flow hung up.`,
      lookAt: [
        "cloudtrail: UpdateQueueMaxContacts with MaxContacts 1, by a user of the admin website",
        "flow_log: Transfer with Results 'true', then PlayPrompt and Disconnect",
        "contact_record: no Queue, DisconnectReason CONTACT_FLOW_DISCONNECT",
      ],
    });
    const limit = (maxContacts: number): ApiCall => ({
      name: "UpdateQueueMaxContacts",
      caller: stage.random.pick(stage.callers.website),
      request: { InstanceId: stage.world.instance.id, QueueId: support.id, MaxContacts: maxContacts },
      isReadOnly: false,
    });
    during(
      stage,
      span,
      () => {
        story.call(limit(TOO_SMALL));
        stage.conditions.queueLimits.set(support.id, TOO_SMALL);
        stage.conditions.arrivalFactor *= RUSH;
      },
      () => {
        story.call(limit(USUAL));
        stage.conditions.queueLimits.delete(support.id);
        stage.conditions.arrivalFactor /= RUSH;
      },
    );
  },
};
