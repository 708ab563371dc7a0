import { useEffect, useMemo, useRef, useState } from "react";
import { arrangeBoard, type Arrangement } from "./arrange-board.ts";
import type { BoardSearch } from "./board-search.ts";
import { NameRanks } from "./name-ranks.ts";
import type { BoardState } from "./board-store.ts";

/** The order and the counts follow the changes at this distance; the rows themselves at every frame. */
const ARRANGE_MS = 500;

/** What stands where. Arranging thousands of agents at each of hundreds of changes a second would cost the frames. */
export function useArrangement(state: BoardState, search: BoardSearch): Arrangement {
  const { facts, rows, profiles } = state;
  const arranged = useArrangedVersion(state.version);
  // the first answer, and every instant of the time machine, are arranged at once
  const answer = facts === undefined ? "" : facts.is_live ? "live" : facts.at_time;
  const { q, activity, attention, group } = search;
  const [names] = useState(() => new NameRanks());
  return useMemo(
    () => arrangeBoard({ rows: rows.values(), profiles, search: { q, activity, attention, group }, names }),
    // oxlint-disable-next-line react/exhaustive-deps -- `arranged` and `answer` say when the map has changed inside
    [rows, profiles, names, q, activity, attention, group, arranged, answer],
  );
}

/** The version, at most every `ARRANGE_MS`. */
function useArrangedVersion(version: number): number {
  const [arranged, setArranged] = useState(version);
  const newest = useRef(version);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    newest.current = version;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setArranged(newest.current);
    }, ARRANGE_MS);
  }, [version]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return arranged;
}
