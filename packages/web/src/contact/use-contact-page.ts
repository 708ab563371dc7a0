import type { ContactTimeline, SourceName, TimelineEntry } from "@fourwire/core";
import { useMemo } from "react";
import { useRecordKeys } from "../list/use-record-keys.ts";
import type { ContactSearch } from "../search.ts";
import { WIRE_ORDER } from "../theme/wires.ts";
import type { ChangeContact } from "./contact-page.tsx";
import { openingSpan, wholeContact } from "./contact-span.ts";
import { fitView, isSameView, revealTime, type View } from "../timeline/timeline-scale.ts";
import { useMeasure } from "../timeline/use-measure.ts";
import { useView } from "../timeline/use-view.ts";
import { readWires, visibleEntries } from "./visible-entries.ts";

export interface ContactPageRequest {
  readonly timeline: ContactTimeline;
  readonly search: ContactSearch;
  readonly onChange: ChangeContact;
}

/** What the parts of a contact's page share, all of it read from the timeline and the URL. */
export interface ContactPageState {
  /** How far the lanes can be moved: to the first and last record, which may lie outside the contact. */
  readonly reach: View;
  readonly view: View;
  /** What the next fit shows: the contact as the page opens on it, or, when that is in view, everything. */
  readonly fit: "contact" | "everything";
  readonly onFit: () => void;
  readonly setView: (view: View | undefined) => void;
  readonly measure: View | undefined;
  readonly setMeasure: (span: View | undefined, isDone: boolean) => void;
  readonly entries: readonly TimelineEntry[];
  readonly wires: ReadonlySet<SourceName>;
  readonly clause: { readonly index: number; readonly text: string; readonly ids: ReadonlySet<string> } | undefined;
  readonly cursorMs: number | undefined;
  readonly onSelect: (recordId: string) => void;
  readonly onOpen: (recordId: string) => void;
}

export function useContactPage({ timeline, search, onChange }: ContactPageRequest): ContactPageState {
  const { sel, panel } = search;
  const opening = useMemo(() => openingSpan(timeline), [timeline]);
  const reach = useMemo(() => reachOf(timeline.entries, wholeContact(timeline)), [timeline]);
  const [view, setView] = useView({ bounds: opening, t0: search.t0, t1: search.t1, onCommit: onChange });
  const [measure, setMeasure] = useMeasure(search, onChange);
  const clause = useMemo(() => readClause(timeline, search.clause), [timeline, search.clause]);
  const wires = useMemo(() => readWires(search.wires, WIRE_ORDER), [search.wires]);
  const isFitted = isSameView(view, fitView(opening));
  const onFit = (): void => setView(isFitted ? fitView(reach) : undefined);
  // as the page opens everything is listed, also what lies before and after the contact
  const span = measure ?? (isFitted ? undefined : view);
  const entries = useMemo(
    () => visibleEntries(timeline.entries, { span, wires, ids: clause?.ids }),
    [timeline.entries, span, wires, clause],
  );
  const timeOfEntry = useMemo(
    () => new Map(timeline.entries.map((entry) => [entry.record_id, Date.parse(entry.event_time)])),
    [timeline.entries],
  );

  const onSelect = (recordId: string): void => {
    const timeMs = timeOfEntry.get(recordId);
    const next = timeMs === undefined ? view : revealTime(view, timeMs, reach);
    if (next !== view) setView(next);
    onChange({ sel: recordId });
  };
  const onOpen = (recordId: string): void => onChange({ sel: recordId, panel: panel ?? "fields" });
  useRecordKeys({
    records: entries,
    selectedId: sel,
    isPanelOpen: panel !== undefined,
    onSelect,
    onOpen,
    onClose: () => onChange({ panel: undefined }),
    onEscape: () => setMeasure(undefined, true),
  });
  const cursorMs = sel === undefined ? undefined : timeOfEntry.get(sel);
  const fit = isFitted ? "everything" : "contact";
  return { reach, view, fit, onFit, setView, measure, setMeasure, entries, wires, clause, cursorMs, onSelect, onOpen };
}

function reachOf(entries: readonly TimelineEntry[], bounds: View): View {
  const first = entries[0]?.event_time;
  const last = entries.at(-1)?.event_time;
  if (first === undefined || last === undefined) return bounds;
  return { fromMs: Math.min(bounds.fromMs, Date.parse(first)), toMs: Math.max(bounds.toMs, Date.parse(last)) };
}

function readClause(timeline: ContactTimeline, text: string | undefined): ContactPageState["clause"] {
  const index = Number(text);
  const clause = text === undefined ? undefined : timeline.summary.clauses[index];
  return clause === undefined ? undefined : { index, text: clause.text, ids: new Set(clause.record_ids) };
}
