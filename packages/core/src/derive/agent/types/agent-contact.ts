import type { UnixMillis } from "../../../record.ts";

/** A contact in an agent's snapshot, as last heard of. */
export interface AgentContact {
  readonly contact_id: string;
  readonly initial_contact_id: string | null;
  /** VOICE, CHAT, TASK, EMAIL or a later one. */
  readonly channel: string | null;
  readonly initiation_method: string | null;
  /** INCOMING, PENDING, CONNECTING, CONNECTED, CONNECTED_ONHOLD, PAUSED, MISSED, REJECTED, ERROR, ENDED or a later one. */
  readonly state: string;
  /** As the event tells it. Through a hold it stays the start of the conversation. */
  readonly state_start_time: UnixMillis | null;
  /** When the agent's contact entered the state, holds included: what a since-timer counts from. */
  readonly since_time: UnixMillis;
  readonly connected_to_agent_time: UnixMillis | null;
  readonly queue_time: UnixMillis | null;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  /** Region the contact is handled in (Global Resiliency); null on most instances. */
  readonly active_region: string | null;
  /** Region the contact began in (Global Resiliency). */
  readonly origin_region: string | null;
}
