import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import { rowHeightOf, usePreferences } from "../theme/preferences.ts";
import { usePrinting } from "../theme/use-printing.ts";
import { formatCount } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import type { BoardItem } from "./arrange-board.ts";
import { BoardRow } from "./board-row.tsx";
import type { BoardState } from "./board-store.ts";

export interface BoardTableProps {
  readonly items: readonly BoardItem[];
  readonly state: BoardState;
  readonly selectedId: string | undefined;
  readonly zone: Zone;
  readonly onSelect: (agentId: string) => void;
  readonly onOpen: (agentId: string) => void;
}

const OVERSCAN = 10;
const MOST_PRINTED = 2000;
const PAGE_ROWS = 20;
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: PAGE_ROWS,
  PageUp: -PAGE_ROWS,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** The agents, one a line; only the lines in view exist. Arrow keys choose an agent, Enter opens the day. */
export function BoardTable({ items, state, selectedId, zone, onSelect, onOpen }: BoardTableProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const rowHeight = rowHeightOf(usePreferences().density);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: usePrinting() ? MOST_PRINTED : OVERSCAN,
    getItemKey: (index) => items[index]?.key ?? index,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const selectedIndex = useMemo(
    () => items.findIndex((item) => item.kind === "agent" && item.agentId === selectedId),
    [items, selectedId],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && selectedId !== undefined) onOpen(selectedId);
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = nextAgent(items, selectedIndex, step);
    const item = items[index];
    if (item?.kind !== "agent") return;
    onSelect(item.agentId);
    virtualizer.scrollToIndex(index, { align: "auto" });
  };
  const shared = { zone, onSelect, atMs: pastInstant(state), clockOffsetMs: state.clockOffsetMs };
  return (
    <div className="board-table">
      <BoardHead />
      <div
        ref={scroller}
        className="board-scroll"
        role="grid"
        aria-label="Agents"
        aria-rowcount={items.length}
        aria-activedescendant={selectedIndex >= 0 ? `${id}-${selectedIndex}` : undefined}
        tabIndex={0}
        data-testid="board"
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className="board-rows" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            if (item.kind === "group") return <GroupHead key={place.key} item={item} top={place.start} />;
            const row = state.rows.get(item.agentId);
            // an agent that has just left the board stands in the arrangement until the next one
            if (row === undefined) return null;
            return (
              <BoardRow
                key={place.key}
                id={`${id}-${place.index}`}
                row={row}
                rowIndex={place.index + 1}
                top={place.start}
                isSelected={item.agentId === selectedId}
                {...shared}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The instant of the time machine, ms; undefined live. */
function pastInstant({ facts }: BoardState): number | undefined {
  return facts === undefined || facts.is_live ? undefined : Date.parse(facts.at_time);
}

function BoardHead(): ReactNode {
  const names = ["Agent", "Activity", "Status", "Contacts", "Slots", "Routing profile", "Marks"];
  return (
    <div className="board-head" aria-hidden="true">
      {names.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </div>
  );
}

interface GroupHeadProps {
  readonly item: Extract<BoardItem, { kind: "group" }>;
  readonly top: number;
}

function GroupHead({ item, top }: GroupHeadProps): ReactNode {
  const total = Object.values(item.counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="board-group" role="row" style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell">
        <strong>{item.label}</strong> <span className="muted">{formatCount(total)}</span>
      </span>
    </div>
  );
}

/** The agent `step` lines on, group heads not counted as a place to stop. */
function nextAgent(items: readonly BoardItem[], from: number, step: number): number {
  const last = items.length - 1;
  let index = from < 0 ? (step > 0 ? 0 : last) : Math.min(last, Math.max(0, from + step));
  const direction = step > 0 && index < last ? 1 : -1;
  while (items[index]?.kind === "group" && index > 0 && index < last) index += direction;
  if (items[index]?.kind === "group") index += index === 0 ? 1 : -1;
  return index;
}
