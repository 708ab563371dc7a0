import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWork, AfterContactWorkClosedBy } from "../types/after-contact-work.ts";
import type { AgentOffer, AgentOfferOutcome } from "../types/agent-offer.ts";
import type { AgentMemory, HeldContact, HeldOffer, HeldWork } from "./agent-memory.ts";
import { recordIds, type FoldStep } from "./fold-step.ts";

interface OfferItem {
  readonly memory: AgentMemory;
  readonly held: HeldContact;
  readonly offer: HeldOffer;
}

interface OfferEnd {
  readonly time: UnixMillis;
  readonly outcome: AgentOfferOutcome;
  readonly step: FoldStep;
}

/** The offer as a row; without an end it still rings. Why it failed is for `explainOffers` to find out. */
export function makeOffer({ memory, held, offer }: OfferItem, end?: OfferEnd): AgentOffer {
  const { contact } = held;
  return {
    contact_id: contact.contact_id,
    agent_id: memory.agentId,
    agent_username: memory.username,
    channel: contact.channel,
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    initiation_method: contact.initiation_method,
    offered_time: offer.offeredTime,
    end_time: end?.time ?? null,
    duration_ms: end === undefined ? null : end.time - offer.offeredTime,
    outcome: end?.outcome ?? null,
    cause: null,
    cause_detail: null,
    is_inferred: offer.isInferred || (end?.step.isRecall ?? false),
    record_ids: recordIds(offer.recordId, end?.step.event.record_id ?? null),
    evidence_record_ids: [],
  };
}

interface WorkItem {
  readonly memory: AgentMemory;
  readonly held: HeldContact;
  readonly work: HeldWork;
}

interface WorkEnd {
  readonly time: UnixMillis;
  readonly earliest: UnixMillis;
  readonly closedBy: AfterContactWorkClosedBy;
  readonly step: FoldStep;
}

/** After-contact work as a row; without an end it goes on. */
export function makeWork({ memory, held, work }: WorkItem, end?: WorkEnd): AfterContactWork {
  const { contact } = held;
  return {
    contact_id: contact.contact_id,
    agent_id: memory.agentId,
    agent_username: memory.username,
    channel: contact.channel,
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    initiation_method: contact.initiation_method,
    start_time: work.startTime,
    ...(end === undefined ? GOES_ON : endFields(work, end)),
    is_inferred: work.isInferred || (end !== undefined && !isToldEnd(end)),
    time_precision: work.isWholeSeconds || end?.step.event.time_precision === "s" ? "s" : "ms",
    record_ids: recordIds(work.recordId, end?.step.event.record_id ?? null),
  };
}

type EndFields = Pick<AfterContactWork, "end_time" | "duration_ms" | "closed_by" | "earliest_end_time">;

const GOES_ON: EndFields = { end_time: null, duration_ms: null, closed_by: null, earliest_end_time: null };

function endFields(work: HeldWork, end: WorkEnd): EndFields {
  return {
    end_time: end.time,
    duration_ms: end.time - work.startTime,
    closed_by: end.closedBy,
    earliest_end_time: end.earliest < work.startTime ? work.startTime : end.earliest,
  };
}

function isToldEnd(end: WorkEnd): boolean {
  return end.closedBy === "cleared" || end.closedBy === "status_change";
}
