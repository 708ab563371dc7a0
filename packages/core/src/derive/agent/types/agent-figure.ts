import type { UnixMillis } from "../../../record.ts";

/** The rows a figure was read from: the table, the agent, the span and the values that qualify. */
export interface FigureRows {
  readonly table:
    | "agent_activity"
    | "agent_after_contact_work"
    | "agent_offer"
    | "agent_contact_state"
    | "agent_login_session"
    | "contact_record";
  readonly agent_ids: readonly string[];
  readonly from_time: UnixMillis;
  readonly to_time: UnixMillis;
  /** Column and the values that count; an empty object counts every row. */
  readonly where: Readonly<Record<string, readonly (string | boolean)[]>>;
}

/** One number with the way to it. */
export interface AgentFigure {
  /** Null where nothing can be said: a ratio over zero, an average over nothing. Never 0 in its place. */
  readonly value: number | null;
  /** Ratios are 0 to 1, not percent; an average is a number of things that may be several. */
  readonly unit: "ms" | "count" | "ratio" | "average";
  /** Id of the formula in docs/agents.md. */
  readonly formula: string;
  /** The formula in words, settings applied. */
  readonly how: string;
  readonly rows: readonly FigureRows[];
}
