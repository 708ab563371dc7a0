import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, type ReactNode } from "react";
import { facetsQuery, histogramQuery, recordsQuery } from "../api/queries.ts";
import { FilterBox } from "../filter/filter-box.tsx";
import { excludeValue, includeValue, onlyValue, removeValue } from "../filter/terms.ts";
import { useRecordKeys } from "../list/use-record-keys.ts";
import { RecordPanel } from "../record/record-panel.tsx";
import type { ExplorerSearch } from "../search.ts";
import { formatCount, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { absoluteRange, type RangeText } from "../time/range.ts";
import type { ChangeExplorer } from "./explorer-page.tsx";
import { FacetRail, type FacetAction } from "./facet-rail.tsx";
import { Histogram } from "./histogram.tsx";
import { knownValues } from "./known-values.ts";
import { ModeSwitch } from "./mode-switch.tsx";
import { RecordsResult } from "./records-result.tsx";

export interface RecordsViewProps {
  readonly search: ExplorerSearch;
  readonly onChange: ChangeExplorer;
}

const BUCKETS = 120;

const FACET_EDITS: Readonly<Record<FacetAction, (filter: string, field: string, value: string) => string>> = {
  include: includeValue,
  exclude: excludeValue,
  only: onlyValue,
  remove: removeValue,
};

/** Records of a time range, newest first, with their histogram and facets. */
export function RecordsView({ search, onChange }: RecordsViewProps): ReactNode {
  const { q = "", sel, panel } = search;
  const { span, text } = usePageRange();
  const records = useInfiniteQuery(recordsQuery(span, q));
  const histogram = useQuery(histogramQuery(span, q, BUCKETS));
  const facets = useQuery(facetsQuery(span, q));
  const rows = useMemo(() => records.data?.pages.flatMap((page) => page.records) ?? [], [records.data]);
  const known = useMemo(() => knownValues(facets.data), [facets.data]);
  const zoom = useZoom();
  const setFilter = (next: string): void => onChange({ q: next === "" ? undefined : next });
  const onOpen = (recordId: string): void => onChange({ sel: recordId, panel: panel ?? "fields" }, true);
  const onClose = (): void => onChange({ panel: undefined }, true);

  useRecordKeys({
    records: rows,
    selectedId: sel,
    isPanelOpen: panel !== undefined,
    onSelect: (recordId) => onChange({ sel: recordId }, true),
    onOpen,
    onClose,
    onEscape: zoom.back,
  });

  return (
    <div className="explorer" data-panel={panel !== undefined && sel !== undefined}>
      <div className="filter-bar">
        <ModeSwitch mode="filter" onMode={() => onChange({ mode: "sql" })} />
        <FilterBox filter={q} known={known} onFilter={setFilter} />
        <span className="muted result-count" data-testid="result-count" aria-live="polite">
          {histogram.data === undefined
            ? ""
            : `${plural(histogram.data.total, "record")}, ${formatCount(histogram.data.took_ms)} ms`}
        </span>
      </div>
      <Histogram histogram={histogram.data} onZoom={zoom.into} />
      <div className="explorer-body">
        <FacetRail
          facets={facets.data?.facets ?? []}
          filter={q}
          onFacet={(action, field, value) => setFilter(FACET_EDITS[action](q, field, value))}
        />
        <RecordsResult
          query={records}
          rows={rows}
          q={q}
          listKey={`${q} ${text.from} ${text.to}`}
          selectedId={sel}
          onOpen={onOpen}
          onClearFilter={() => setFilter("")}
        />
        {panel === undefined || sel === undefined ? null : (
          <RecordPanel
            recordId={sel}
            tab={panel}
            onTab={(tab) => onChange({ panel: tab }, true)}
            onClose={onClose}
            onSelect={(recordId) => onChange({ sel: recordId }, true)}
            onFilter={({ field, value, isExcluded }) =>
              setFilter((isExcluded ? excludeValue : includeValue)(q, field, value))
            }
          />
        )}
      </div>
    </div>
  );
}

interface Zoom {
  readonly into: (fromMs: number, toMs: number) => void;
  readonly back: () => void;
}

/** Zooming by the histogram, and Escape to take the steps back. */
function useZoom(): Zoom {
  const { text, setRange } = usePageRange();
  const steps = useRef<RangeText[]>([]);
  return {
    into: (fromMs, toMs) => {
      steps.current.push(text);
      setRange(absoluteRange(fromMs, Math.max(toMs, fromMs + 1)));
    },
    back: () => {
      const previous = steps.current.pop();
      if (previous !== undefined) setRange(previous);
    },
  };
}
