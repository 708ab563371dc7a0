import { unixMillis, type UnixMillis } from "@fourwire/core";
import { instantText } from "./instant-text.ts";
import type { Contact, DisconnectReason } from "./contact.ts";
import { stopFlow } from "./flow-run.ts";
import { originOf } from "./region.ts";
import type { Stage } from "./stage.ts";
import { writeContactEvent, type ContactEventType } from "./wires/contact-event.ts";
import { writeContactRecord } from "./wires/contact-record.ts";

/** Contact records follow the end of after-contact work by about a minute (67 s in real records). */
const CONTACT_RECORD_DELAY_MS = { least: 60_000, most: 70_000 } as const;
/** Some records come again with what was learned later: attributes, conversation analytics. */
const REDELIVERY_SHARE = 0.12;
const REDELIVERY_AFTER_MS = { least: 90_000, most: 1_500_000 } as const;

export function emitContactEvent(stage: Stage, contact: Contact, type: ContactEventType): void {
  stage.emit("contact_event", writeContactEvent(stage, contact, type), { key: contact.id, origin: originOf(stage) });
}

/** The customer's line ends without an agent's leg: no after-contact work, so the contact completes at once. */
export function disconnect(stage: Stage, contact: Contact, reason: DisconnectReason): void {
  end(stage, contact, reason);
  stage.clock.after(stage.random.integer(30, 200), () => complete(stage, contact));
}

export function end(stage: Stage, contact: Contact, reason: DisconnectReason): void {
  contact.phase = "ended";
  stopFlow(contact);
  for (const stopListening of contact.listeners) stopListening();
  contact.disconnectTime = stage.clock.now;
  contact.disconnectReason = reason;
  emitContactEvent(stage, contact, "DISCONNECTED");
}

export function complete(stage: Stage, contact: Contact): void {
  emitContactEvent(stage, contact, "COMPLETED");
  const { least, most } = CONTACT_RECORD_DELAY_MS;
  stage.clock.after(stage.random.integer(least, most), () => {
    tellContact(stage, contact);
    emitRecord(stage, contact);
    if (stage.random.chance(REDELIVERY_SHARE)) redeliver(stage, contact);
  });
}

function redeliver(stage: Stage, contact: Contact): void {
  const { least, most } = REDELIVERY_AFTER_MS;
  stage.clock.after(stage.random.integer(least, most), () => {
    contact.attributes["surveyScore"] = String(stage.random.integer(1, 5));
    emitRecord(stage, contact);
  });
}

function emitRecord(stage: Stage, contact: Contact): void {
  stage.emit("contact_record", writeContactRecord(stage, contact), { key: contact.id });
}

function tellContact(stage: Stage, contact: Contact): void {
  stage.tell({
    kind: "contact",
    instance_id: stage.world.instance.id,
    contact_id: contact.id,
    initial_contact_id: contact.initialId ?? null,
    previous_contact_id: contact.previousId ?? null,
    next_contact_id: contact.nextId ?? null,
    channel: contact.channel,
    initiation_method: contact.initiationMethod,
    queue_id: contact.queue?.id ?? null,
    queue_name: contact.queue?.name ?? null,
    agent_id: contact.agent?.profile.id ?? null,
    initiation_time: instantText(contact.initiationTime),
    enqueue_time: instant(contact.enqueueTime),
    connected_time: instant(contact.connectedTime),
    disconnect_time: instant(contact.disconnectTime),
    disconnect_reason: contact.disconnectReason ?? null,
    agent_end_time: instant(contact.legEndTime),
    after_contact_work_end_time: instant(contact.afterContactWorkEndTime),
    offers: contact.offers,
    holds: contact.holds,
    hold_ms: contact.heldMs,
    ice_losses: contact.iceLosses,
    incidents: [...contact.incidents],
  });
}

function instant(time: UnixMillis | undefined): string | null {
  return time === undefined ? null : instantText(unixMillis(time));
}
