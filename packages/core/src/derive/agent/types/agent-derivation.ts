import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWork } from "./after-contact-work.ts";
import type { AgentActivity } from "./agent-activity.ts";
import type { AgentContactState } from "./agent-contact-state.ts";
import type { AgentEventRow } from "./agent-event-row.ts";
import type { AgentGap } from "./agent-gap.ts";
import type { AgentOffer } from "./agent-offer.ts";
import type { AgentState } from "./agent-state.ts";
import type { LoginSession } from "./login-session.ts";

/**
 * What the fold of an earlier span leaves for the next one: opaque, and plain JSON so that it can be stored. Of the same
 * events it is always the same text.
 */
export interface AgentCarry {
  readonly version: 1;
  readonly body: string;
}

export interface DeriveAgentOptions {
  /** Nothing before is told as activity; items that began before and reach into the span are, with their real start. */
  readonly from: UnixMillis;
  /** End of the span, excluded; for the current day the present instant. */
  readonly to: UnixMillis;
  /** Of the fold of the agent's events before `from`; undefined where nothing is known of them. */
  readonly carry?: AgentCarry | undefined;
}

/** All that one agent's events say about a span. Rows are in time order, then by contact id. */
export interface AgentDerivation {
  readonly agent_id: string;
  readonly agent_username: string | null;
  readonly from_time: UnixMillis;
  readonly to_time: UnixMillis;
  /** At `to_time`. */
  readonly state: AgentState;
  /** Without overlap or hole from the first instant anything is known to `to_time`; cut at `from_time`. */
  readonly activity: readonly AgentActivity[];
  readonly after_contact_work: readonly AfterContactWork[];
  readonly offers: readonly AgentOffer[];
  readonly contact_states: readonly AgentContactState[];
  readonly login_sessions: readonly LoginSession[];
  readonly gaps: readonly AgentGap[];
  /** For the span that follows. */
  readonly carry: AgentCarry;
}

/**
 * Derives one agent's span from all of the agent's events in it, in any order, with any repetition. The events of one
 * person from two Regions belong into one call (`groupByPerson`).
 */
export type DeriveAgent = (events: readonly AgentEventRow[], options: DeriveAgentOptions) => AgentDerivation;

/**
 * - `changed`: the state differs from before.
 * - `unchanged`: confirmed; only times of last hearing moved.
 * - `duplicate`: this record was applied before.
 * - `too_late`: older than what the fold can still re-order. Nothing was applied: fold again from the store.
 */
export type AgentFoldChange = "changed" | "unchanged" | "duplicate" | "too_late";

/** The same derivation, an event at a time, for live use. Equal to `DeriveAgent` over the same events. */
export interface AgentFolding {
  apply(event: AgentEventRow): AgentFoldChange;
  /** What is known at the instant; not before the last event. */
  stateAt(at: UnixMillis): AgentState;
  /**
   * Rows that ended and can no longer change, since the last call: for the tables. Never the same row twice.
   * Activity among them is cut at the instant up to which all is settled.
   */
  takeSettled(): Omit<AgentDerivation, "state" | "carry" | "from_time" | "to_time">;
  /** Everything since the last settled row, up to the instant, open items included. */
  derivationAt(to: UnixMillis): AgentDerivation;
}
