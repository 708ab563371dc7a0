import type { Zone } from "./time/range.ts";

// What the URL holds. Every page is a function of it, so that a link shows the same thing to someone else.

export type PanelTab = "fields" | "received" | "around";

export interface GlobalSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly tz?: Zone | undefined;
  readonly live?: "1" | undefined;
}

/** The selected record and, when it is open, which side of it is shown. */
export interface SelectionSearch {
  readonly sel?: string | undefined;
  readonly panel?: PanelTab | undefined;
}

export interface FilterSearch {
  readonly q?: string | undefined;
}

export interface ExplorerSearch extends SelectionSearch, FilterSearch {
  readonly mode?: "sql" | undefined;
  readonly sql?: string | undefined;
}

export interface ContactSearch extends SelectionSearch {
  /** Visible span of the lanes. */
  readonly t0?: string | undefined;
  readonly t1?: string | undefined;
  /** Measured span. */
  readonly m0?: string | undefined;
  readonly m1?: string | undefined;
  /** Index of the headline clause whose records are listed. */
  readonly clause?: string | undefined;
  /** Sources listed, separated by commas; all when absent. */
  readonly wires?: string | undefined;
}

export interface RejectedSearch {
  readonly sel?: string | undefined;
  readonly reason?: string | undefined;
}

type Raw = Record<string, unknown>;

export function readGlobalSearch(raw: Raw): GlobalSearch {
  return {
    from: text(raw["from"]),
    to: text(raw["to"]),
    tz: raw["tz"] === "utc" ? "utc" : raw["tz"] === "local" ? "local" : undefined,
    live: raw["live"] === "1" ? "1" : undefined,
  };
}

export function readFilterSearch(raw: Raw): FilterSearch {
  return { q: text(raw["q"]) };
}

export function readSelectionSearch(raw: Raw): SelectionSearch {
  const panel = raw["panel"];
  const isTab = panel === "fields" || panel === "received" || panel === "around";
  return { sel: text(raw["sel"]), panel: isTab ? panel : undefined };
}

export function readExplorerSearch(raw: Raw): ExplorerSearch {
  const mode = raw["mode"] === "sql" ? "sql" : undefined;
  return { ...readSelectionSearch(raw), ...readFilterSearch(raw), mode, sql: text(raw["sql"]) };
}

export function readContactSearch(raw: Raw): ContactSearch {
  return {
    ...readSelectionSearch(raw),
    t0: text(raw["t0"]),
    t1: text(raw["t1"]),
    m0: text(raw["m0"]),
    m1: text(raw["m1"]),
    clause: text(raw["clause"]),
    wires: text(raw["wires"]),
  };
}

export function readRejectedSearch(raw: Raw): RejectedSearch {
  return { sel: text(raw["sel"]), reason: text(raw["reason"]) };
}

/** Plain `key=value` pairs, all text: a filter or an id never changes its type on the way through the URL. */
export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function writeSearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") parameters.set(name, value);
  }
  // ":" and "," are allowed in a query and keep filter terms and instants readable
  const query = parameters.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return query === "" ? "" : `?${query}`;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
