import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useId, useMemo, useRef, type ReactNode, type RefObject } from "react";
import { rowHeightOf, usePreferences } from "../theme/preferences.ts";
import { usePrinting } from "../theme/use-printing.ts";
import { usePageRange } from "../time/range-context.ts";
import { RecordHead } from "./record-head.tsx";
import { RecordRow, type ListRecord } from "./record-row.tsx";
import "./list.css";

export interface RecordListProps {
  readonly records: readonly ListRecord[];
  /** Accessible name of the list. */
  readonly label: string;
  readonly selectedId: string | undefined;
  readonly onOpen: (recordId: string) => void;
  /** Records to mark besides the selected one. */
  readonly markedIds?: ReadonlySet<string> | undefined;
  /** Shows the contact; a contact's own page shows the relation instead. */
  readonly hasContact?: boolean;
  /** Called as the last rows come near. */
  readonly onNearEnd?: (() => void) | undefined;
  /** Brings the selected row into view also when other records come into the list around it. */
  readonly isInStep?: boolean;
  /** Keeps the newest row, the last, in view. */
  readonly isFollowing?: boolean;
  readonly onLeaveEnd?: (() => void) | undefined;
}

const OVERSCAN = 12;
/** Rows that are printed: some 40 pages. */
const MOST_PRINTED = 2000;
const NEAR_END_ROWS = 60;

/** Records, one a line. Only the rows in view exist. */
export function RecordList(props: RecordListProps): ReactNode {
  const { records, selectedId, onOpen, hasContact = true, isFollowing = false } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const { zone } = usePageRange();
  const rowHeight = rowHeightOf(usePreferences().density);
  const virtualizer = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: usePrinting() ? MOST_PRINTED : OVERSCAN,
    getItemKey: (index) => records[index]?.record_id ?? index,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const indexes = useMemo(() => new Map(records.map((record, index) => [record.record_id, index])), [records]);
  const selectedIndex = selectedId === undefined ? -1 : (indexes.get(selectedId) ?? -1);

  const { scrollToIndex } = virtualizer;
  const stepKey = props.isInStep === true ? records : undefined;
  useScrollToSelected({ index: selectedIndex, selectedId, stepKey, scrollToIndex });
  useFollowing({ isFollowing, count: records.length, scroller, onLeaveEnd: props.onLeaveEnd });

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const onNearEnd = props.onNearEnd;
  useEffect(() => {
    if (records.length > 0 && lastShown >= records.length - NEAR_END_ROWS) onNearEnd?.();
  }, [lastShown, records.length, onNearEnd]);

  return (
    <div className="record-list" data-columns={hasContact ? "contact" : "relation"}>
      <RecordHead hasContact={hasContact} />
      <div
        ref={scroller}
        className="record-list-scroll"
        role="grid"
        aria-label={props.label}
        aria-rowcount={records.length}
        aria-activedescendant={selectedIndex >= 0 ? `${id}-${selectedIndex}` : undefined}
        tabIndex={0}
        data-testid="record-list"
      >
        <div className="record-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const record = records[item.index];
            if (record === undefined) return null;
            return (
              <RecordRow
                key={item.key}
                id={`${id}-${item.index}`}
                record={record}
                rowIndex={item.index + 1}
                top={item.start}
                zone={zone}
                isSelected={record.record_id === selectedId}
                isMarked={props.markedIds?.has(record.record_id) ?? false}
                hasContact={hasContact}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface SelectedScroll {
  readonly index: number;
  readonly selectedId: string | undefined;
  /** Another value scrolls again to the same selection. */
  readonly stepKey: unknown;
  readonly scrollToIndex: (index: number, options: { readonly align: "auto" }) => void;
}

/** A new selection is brought into view; a record that arrives above it only moves its index and does not scroll. */
function useScrollToSelected({ index, selectedId, stepKey, scrollToIndex }: SelectedScroll): void {
  const shown = useRef<{ readonly selectedId: string | undefined; readonly stepKey: unknown }>(undefined);
  useEffect(() => {
    const isShown = shown.current?.selectedId === selectedId && shown.current?.stepKey === stepKey;
    if (index < 0 || isShown) return;
    shown.current = { selectedId, stepKey };
    scrollToIndex(index, { align: "auto" });
  }, [index, selectedId, stepKey, scrollToIndex]);
}

interface Following {
  readonly isFollowing: boolean;
  readonly count: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onLeaveEnd: (() => void) | undefined;
}

/** Keeps the end in view; a scroll upwards by hand lets go of it. */
function useFollowing({ isFollowing, count, scroller, onLeaveEnd }: Following): void {
  useEffect(() => {
    const element = scroller.current;
    if (isFollowing && count > 0) element?.scrollTo({ top: element.scrollHeight });
  }, [isFollowing, count, scroller]);
  useEffect(() => {
    const element = scroller.current;
    if (!isFollowing || element === null) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (event.deltaY < 0) onLeaveEnd?.();
    };
    element.addEventListener("wheel", onWheel, { passive: true });
    return () => element.removeEventListener("wheel", onWheel);
  }, [isFollowing, onLeaveEnd, scroller]);
}
