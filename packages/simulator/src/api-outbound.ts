import { complete, emitContactEvent, end } from "./contact-end.ts";
import { drawPlan } from "./contact-plan.ts";
import { createContact, touch, type Contact } from "./contact.ts";
import { enterFlow } from "./flow-run.ts";
import type { Stage } from "./stage.ts";

const TALK_MS = { least: 60_000, most: 540_000 } as const;
const DIAL_MS = { least: 1_500, most: 6_000 } as const;

/** A call that the API started: it has neither queue nor agent. */
export function startApiOutbound(stage: Stage, customerNumber: string, incident: string): Contact {
  const contact = createContact(stage, { plan: drawPlan(stage.random), initiationMethod: "API", customerNumber });
  touch(stage, contact, incident);
  contact.connectedToSystemTime = undefined;
  emitContactEvent(stage, contact, "INITIATED");
  stage.clock.after(stage.random.integer(DIAL_MS.least, DIAL_MS.most), () => {
    contact.connectedToSystemTime = stage.clock.now;
    emitContactEvent(stage, contact, "CONNECTED_TO_SYSTEM");
    enterFlow(stage, contact, stage.world.outboundWhisper);
    stage.clock.after(stage.random.integer(TALK_MS.least, TALK_MS.most), () => {
      end(stage, contact, "CUSTOMER_DISCONNECT");
      complete(stage, contact);
    });
  });
  return contact;
}
