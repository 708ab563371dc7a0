import type { UnixMillis } from "../../../record.ts";
import type { AgentContactState } from "../types/agent-contact-state.ts";
import type { AgentOfferOutcome } from "../types/agent-offer.ts";
import type { HeldContact } from "./agent-memory.ts";
import { contactKindOf, isDialled, type ContactKind } from "./contact-kind.ts";
import { earliestTime, recordIds, type FoldStep } from "./fold-step.ts";
import type { SnapshotContact } from "./snapshot-contacts.ts";
import { makeOffer, makeWork } from "./contact-rows.ts";

/** A contact that is new in the snapshot, or in another state than held. */
export function enterState(step: FoldStep, contact: SnapshotContact, time: UnixMillis): void {
  const { memory, event } = step;
  const index = memory.contacts.findIndex((other) => other.contact.contact_id >= contact.contact_id);
  const found = index === -1 ? undefined : memory.contacts[index];
  const old = found?.contact.contact_id === contact.contact_id ? found : undefined;
  const held: HeldContact = {
    contact: { ...contact, since_time: time },
    recordId: event.record_id,
    isInferred: step.isRecall,
    offer: old?.offer ?? null,
    work: old?.work ?? null,
  };
  if (old !== undefined) endState(step, old, time);
  followOffer(step, { held, old, time });
  followWork(step, held, time);
  if (old !== undefined) memory.contacts[index] = held;
  else memory.contacts.splice(index === -1 ? memory.contacts.length : index, 0, held);
}

/** Other facts of a contact whose state stayed: its Region, queue or the time it connected. */
export function refreshContact(step: FoldStep, contact: SnapshotContact): void {
  const held = step.memory.contacts.find((other) => other.contact.contact_id === contact.contact_id);
  if (held !== undefined) held.contact = { ...contact, since_time: held.contact.since_time };
}

/** The contact is no longer listed, or its session is over. */
export function leaveContact(step: FoldStep, contactId: string, time: UnixMillis): void {
  const { memory } = step;
  const held = memory.contacts.find((other) => other.contact.contact_id === contactId);
  if (held === undefined) return;
  endState(step, held, time);
  endOffer(step, held, { time, outcome: step.isRecall ? "unknown" : "withdrawn" });
  endWork(step, held, time);
  memory.contacts = memory.contacts.filter((other) => other !== held);
}

interface Followed {
  readonly held: HeldContact;
  readonly old: HeldContact | undefined;
  readonly time: UnixMillis;
}

const OUTCOMES: Readonly<Partial<Record<ContactKind, AgentOfferOutcome>>> = {
  engaged: "answered",
  missed: "missed",
  rejected: "rejected",
  failed: "error",
};

function followOffer(step: FoldStep, { held, old, time }: Followed): void {
  const kind = contactKindOf(held.contact);
  if (kind === "offered") {
    held.offer ??= {
      offeredTime: offeredTime(step, held, time),
      isInferred: step.isRecall,
      recordId: step.event.record_id,
    };
    return;
  }
  if (held.offer === null && old === undefined && isAnswerUnseen(step, held, kind)) {
    // accepted by the CCP before Connect wrote an event, or the event is lost
    held.offer = { offeredTime: time, isInferred: step.isRecall, recordId: step.event.record_id };
  }
  const outcome = kind === "ended" ? endedOutcome(held) : (OUTCOMES[kind] ?? "unknown");
  endOffer(step, held, { time, outcome });
}

/** Ringing began when the contact entered the state, even if that was before anything else was heard of the agent. */
function offeredTime(step: FoldStep, held: HeldContact, time: UnixMillis): UnixMillis {
  const told = held.contact.state_start_time;
  const floor = step.memory.boundaryTime ?? step.memory.lastTime;
  return told !== null && told < time && (floor === null || told >= floor) ? told : time;
}

/** An inbound contact that shows up answered or failed without having rung. Before the first event it may have rung unheard. */
function isAnswerUnseen(step: FoldStep, held: HeldContact, kind: ContactKind): boolean {
  if (step.memory.lastTime === null || isDialled(held.contact.initiation_method)) return false;
  return kind === "engaged" || kind === "missed" || kind === "rejected" || kind === "failed";
}

function endedOutcome(held: HeldContact): AgentOfferOutcome {
  return held.contact.connected_to_agent_time === null ? "withdrawn" : "answered";
}

function endOffer(
  step: FoldStep,
  held: HeldContact,
  end: { readonly time: UnixMillis; readonly outcome: AgentOfferOutcome },
): void {
  if (held.offer === null) return;
  step.rows?.offers.push(makeOffer({ memory: step.memory, held, offer: held.offer }, { ...end, step }));
  held.offer = null;
}

function followWork(step: FoldStep, held: HeldContact, time: UnixMillis): void {
  if (held.contact.state !== "ENDED") {
    endWork(step, held, time);
    return;
  }
  if (held.work !== null || held.contact.initiation_method === "MONITOR") return;
  const told = held.contact.state_start_time;
  const floor = step.memory.boundaryTime;
  const isTold = told !== null && told <= step.event.event_time && (floor === null || told >= floor);
  held.work = {
    startTime: isTold ? told : time,
    isInferred: !isTold && step.isRecall,
    recordId: step.event.record_id,
    isWholeSeconds: step.event.time_precision === "s",
  };
}

function endWork(step: FoldStep, held: HeldContact, time: UnixMillis): void {
  if (held.work === null) return;
  const earliest = earliestTime(step);
  const end = { time, earliest: earliest > time ? time : earliest, closedBy: step.closedBy, step };
  step.rows?.after_contact_work.push(makeWork({ memory: step.memory, held, work: held.work }, end));
  held.work = null;
}

function endState(step: FoldStep, held: HeldContact, time: UnixMillis): void {
  const { memory, rows } = step;
  if (rows === null) return;
  const { contact } = held;
  const row: AgentContactState = {
    contact_id: contact.contact_id,
    agent_id: memory.agentId,
    agent_username: memory.username,
    channel: contact.channel,
    initiation_method: contact.initiation_method,
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    state: contact.state,
    start_time: contact.since_time,
    end_time: time,
    duration_ms: time - contact.since_time,
    is_inferred: held.isInferred || step.isRecall,
    record_ids: recordIds(held.recordId, step.event.record_id),
  };
  rows.contact_states.push(row);
}
