import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWork } from "./after-contact-work.ts";
import type { AgentActivity } from "./agent-activity.ts";
import type { AgentContactState } from "./agent-contact-state.ts";
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
  /**
   * Activity before it is not told. Other rows are, as far as events before it are given; what the carry left open has its
   * real start.
   */
  readonly from: UnixMillis;
  /** End of the span, excluded; for the current day the present instant. */
  readonly to: UnixMillis;
  /** Of the fold of the agent's events before `from`; undefined where nothing is known of them. */
  readonly carry?: AgentCarry | undefined;
  /** Id under which the rows go; by default the smallest of the ids the events come under, which is mostly the only one. */
  readonly agentId?: string | undefined;
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
 * - `changed`: the state differs from before.
 * - `unchanged`: confirmed; only times of last hearing moved.
 * - `duplicate`: this record was applied before.
 * - `too_late`: older than what the fold can still re-order. Nothing was applied: fold again from the store.
 */
export type AgentFoldChange = "changed" | "unchanged" | "duplicate" | "too_late";
