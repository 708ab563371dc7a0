import { readSelectionSearch, type SelectionSearch } from "../search.ts";

export interface AgentSearch extends SelectionSearch {
  /** The day is shown unless the records are. */
  readonly view?: "records" | undefined;
  /** YYYY-MM-DD in the page's zone; the agent's last day when absent. */
  readonly date?: string | undefined;
  /** Another day, shown beneath for comparison. */
  readonly compare?: string | undefined;
  /** Visible span of the lanes. */
  readonly t0?: string | undefined;
  readonly t1?: string | undefined;
  /** Measured span of the lanes. */
  readonly m0?: string | undefined;
  readonly m1?: string | undefined;
}

export function readAgentSearch(raw: Record<string, unknown>): AgentSearch {
  return {
    ...readSelectionSearch(raw),
    view: raw["view"] === "records" ? "records" : undefined,
    date: dateOf(raw["date"]),
    compare: dateOf(raw["compare"]),
    t0: textOf(raw["t0"]),
    t1: textOf(raw["t1"]),
    m0: textOf(raw["m0"]),
    m1: textOf(raw["m1"]),
  };
}

function dateOf(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
