import type { UnixMillis } from "../../../record.ts";

/** `unknown`: the events around the end are lost. Null in the row while the contact still rings. */
export type AgentOfferOutcome = "answered" | "missed" | "rejected" | "error" | "withdrawn" | "unknown";

/**
 * Why an offer was not answered:
 * - `customer_abandoned`: the contact was disconnected by the customer while it rang.
 * - `agent_declined`: the CCP log shows a reject, or Connect says REJECTED and the customer did not leave.
 * - `browser_silent`: the agent's CCP logged nothing while it rang, although it logs otherwise.
 * - `api_gap`: the CCP logged, but had no answer from Connect for longer than 35 s before the end.
 * - `agent_did_not_answer`: the CCP shows the offer on the agent's screen and no reaction.
 * - `connection_failed`: ERROR, with the softphone or agent error the CCP logged, if it logged one.
 * - `not_known`: no CCP log and no contact record or event tells.
 */
export type AgentOfferCause =
  | "customer_abandoned"
  | "agent_declined"
  | "browser_silent"
  | "api_gap"
  | "agent_did_not_answer"
  | "connection_failed"
  | "not_known";

/** One contact offered once to one agent: a row of `agent_offer`. The same contact offered again is another offer. */
export interface AgentOffer {
  readonly contact_id: string;
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly channel: string | null;
  readonly queue_id: string | null;
  readonly queue_name: string | null;
  readonly initiation_method: string | null;
  readonly offered_time: UnixMillis;
  /** Null while it rings. */
  readonly end_time: UnixMillis | null;
  readonly duration_ms: number | null;
  readonly outcome: AgentOfferOutcome | null;
  /** Null for an answered or ringing offer. */
  readonly cause: AgentOfferCause | null;
  /** One sentence for a person; null where cause is null. */
  readonly cause_detail: string | null;
  readonly is_inferred: boolean;
  /** The agent events that tell it, in time order. */
  readonly record_ids: readonly string[];
  /** CCP log lines, contact events and contact records the cause was read from, in time order. */
  readonly evidence_record_ids: readonly string[];
}
