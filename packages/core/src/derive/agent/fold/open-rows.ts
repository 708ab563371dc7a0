import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWork } from "../types/after-contact-work.ts";
import type { AgentContactState } from "../types/agent-contact-state.ts";
import type { AgentGap } from "../types/agent-gap.ts";
import type { AgentOffer } from "../types/agent-offer.ts";
import type { LoginSession } from "../types/login-session.ts";
import type { AgentMemory, HeldContact } from "./agent-memory.ts";
import { makeOffer, makeWork } from "./contact-rows.ts";
import { recordIds } from "./fold-step.ts";
import { makeSession } from "./login-moves.ts";
import { isPresumedOffline, isSilentAt } from "./silence.ts";

export function openWork(memory: AgentMemory): AfterContactWork[] {
  return memory.contacts.flatMap((held) => (held.work === null ? [] : [makeWork({ memory, held, work: held.work })]));
}

export function openOffers(memory: AgentMemory): AgentOffer[] {
  return memory.contacts.flatMap((held) =>
    held.offer === null ? [] : [makeOffer({ memory, held, offer: held.offer })],
  );
}

export function openContactStates(memory: AgentMemory): AgentContactState[] {
  return memory.contacts.map((held) => openContactState(memory, held));
}

function openContactState(memory: AgentMemory, held: HeldContact): AgentContactState {
  const { contact } = held;
  return {
    contact_id: contact.contact_id,
    agent_id: memory.agentId,
    agent_username: memory.username,
    channel: contact.channel,
    initiation_method: contact.initiation_method,
    queue_id: contact.queue_id,
    queue_name: contact.queue_name,
    state: contact.state,
    start_time: contact.since_time,
    end_time: null,
    duration_ms: null,
    is_inferred: held.isInferred,
    record_ids: recordIds(held.recordId, null),
  };
}

export function openSession(memory: AgentMemory): LoginSession | null {
  return memory.session === null ? null : makeSession(memory, memory.session);
}

/** The gap that runs at the instant because nothing was heard; null when the agent was heard lately or has left. */
export function openGap(memory: AgentMemory, at: UnixMillis): AgentGap | null {
  if (memory.lastTime === null) return null;
  const isPresumed = isPresumedOffline(memory, at);
  if (!isPresumed && !isSilentAt(memory, at)) return null;
  return {
    agent_id: memory.agentId,
    agent_username: memory.username,
    start_time: memory.lastTime,
    end_time: null,
    duration_ms: null,
    reason: isPresumed ? "presumed_offline" : "silence",
    detail: `no event since the last one`,
    record_ids: recordIds(memory.lastRecordId, null),
  };
}
