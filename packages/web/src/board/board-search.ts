import { LIVE_ACTIVITIES, type LiveActivityName } from "@fourwire/core";

/** What the rows are put together by. */
export const BOARD_GROUPINGS = ["activity", "hierarchy", "routing_profile", "queue"] as const;

export type BoardGrouping = (typeof BOARD_GROUPINGS)[number];

export interface BoardSearch {
  readonly q?: string | undefined;
  readonly activity?: LiveActivityName | undefined;
  /** `1`: only agents with a mark, out of adherence or with a CCP error in the last minutes. */
  readonly attention?: "1" | undefined;
  readonly group?: BoardGrouping | undefined;
  /** The instant of the time machine; live when absent. */
  readonly at?: string | undefined;
  /** The chosen agent. */
  readonly sel?: string | undefined;
}

export function readBoardSearch(raw: Record<string, unknown>): BoardSearch {
  return {
    q: textOf(raw["q"]),
    activity: LIVE_ACTIVITIES.find((name) => name === raw["activity"]),
    attention: raw["attention"] === "1" ? "1" : undefined,
    group: BOARD_GROUPINGS.find((name) => name === raw["group"]),
    at: instantOf(raw["at"]),
    sel: textOf(raw["sel"]),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function instantOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || Number.isNaN(Date.parse(text)) ? undefined : text;
}
