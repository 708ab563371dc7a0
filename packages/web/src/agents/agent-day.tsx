import type { AgentDayResponse } from "@fourwire/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { agentDayQuery } from "../api/queries.ts";
import { ErrorState } from "../states/error-state.tsx";
import { Notice } from "../states/notice.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { TimelineTools } from "../timeline/timeline-tools.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { fitView, type View } from "../timeline/timeline-scale.ts";
import { useMeasure } from "../timeline/use-measure.ts";
import { useView } from "../timeline/use-view.ts";
import { formatDuration } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { AgentSearch } from "./agent-search.ts";
import { DayDates } from "./day-dates.tsx";
import { daySentence } from "./day-figures.ts";
import { dayLanes } from "./day-lanes.ts";
import { DayTables } from "./day-tables.tsx";
import { DayTotals } from "./day-totals.tsx";
import { Reconciliation } from "./reconciliation.tsx";

export interface AgentDayProps {
  readonly agentId: string;
  readonly search: AgentSearch;
  readonly onChange: (next: Partial<AgentSearch>) => void;
}

/** One agent's day: the sentence, the lanes, every figure, and the rows behind them; another day beneath. */
export function AgentDay({ agentId, search, onChange }: AgentDayProps): ReactNode {
  const { zone } = usePageRange();
  const day = useQuery(agentDayQuery(agentId, search.date, zone));
  const other = useQuery({
    ...agentDayQuery(agentId, search.compare, zone),
    enabled: search.compare !== undefined,
  });
  if (day.data === undefined && day.error !== null)
    return <ErrorState error={day.error} what="the day could not be read" onRetry={() => void day.refetch()} />;
  if (day.data === undefined) return <Skeleton rows={16} what="the day" />;
  const compared = search.compare === undefined ? undefined : other.data;
  const onOpenRecord = (sel: string): void => onChange({ sel, panel: search.panel ?? "fields" });
  return (
    <div className="day" data-testid="agent-day">
      <header className="contact-head">
        <h1 className="headline" data-testid="day-sentence">
          {daySentence(day.data)}
        </h1>
        <DayDates day={day.data} compare={search.compare} onChange={onChange} />
      </header>
      {day.data.truncated.length === 0 ? null : (
        <Notice kind="truncated">Too much to show at once: cut are {day.data.truncated.join(", ")}.</Notice>
      )}
      <DayLanes day={day.data} search={search} onChange={onChange} />
      {other.error === null || search.compare === undefined ? null : (
        <ErrorState error={other.error} what="the other day could not be read" onRetry={() => void other.refetch()} />
      )}
      {compared === undefined ? null : (
        <section aria-label={`The day compared with, ${compared.date ?? ""}`}>
          <p className="day-compared muted">
            {compared.date}: {daySentence(compared)}
          </p>
          <ComparedLanes day={compared} search={search} onChange={onChange} />
        </section>
      )}
      <DayTotals day={day.data} other={compared} onOpenRecord={onOpenRecord} />
      <DayTables day={day.data} onOpenRecord={onOpenRecord} />
      <Reconciliation day={day.data} onOpenRecord={onOpenRecord} />
    </div>
  );
}

interface DayLanesProps {
  readonly day: AgentDayResponse;
  readonly search: AgentSearch;
  readonly onChange: (next: Partial<AgentSearch>) => void;
}

/** The other day's lanes have a view and a measure of their own, which no link keeps. */
function ComparedLanes({ day, search, onChange }: DayLanesProps): ReactNode {
  const [own, setOwn] = useState<Pick<AgentSearch, "t0" | "t1" | "m0" | "m1">>({});
  return (
    <DayLanes
      day={day}
      search={{ ...search, t0: undefined, t1: undefined, m0: undefined, m1: undefined, ...own }}
      onChange={({ sel, panel, ...span }) => {
        if (sel === undefined) setOwn((previous) => ({ ...previous, ...span }));
        else onChange({ sel, panel });
      }}
    />
  );
}

const NOTHING_MARKED: ReadonlySet<string> = new Set();
const ONE_AGENT: ReadonlyMap<string, string> = new Map();

function DayLanes({ day, search, onChange }: DayLanesProps): ReactNode {
  const lanes = useMemo(() => dayLanes(day), [day]);
  const whole: View = useMemo(
    () => ({ fromMs: Date.parse(day.from_time), toMs: Date.parse(day.to_time) }),
    [day.from_time, day.to_time],
  );
  const busy = useMemo(() => busySpan(day) ?? whole, [day, whole]);
  const [view, setView] = useView({ bounds: busy, t0: search.t0, t1: search.t1, onCommit: onChange });
  const [measure, setMeasure] = useMeasure(search, onChange);
  const isFitted = view.fromMs === fitView(busy).fromMs && view.toMs === fitView(busy).toMs;
  const onFit = (): void => setView(isFitted ? fitView(whole) : undefined);
  const times = useMemo(() => recordTimes(lanes), [lanes]);
  return (
    <>
      <TimelineTools
        view={view}
        fitLabel={isFitted ? `Show all ${formatDuration(whole.toMs - whole.fromMs)}` : "Fit the work"}
        measure={measure}
        onFit={onFit}
        onZoomTo={setView}
        onClearMeasure={() => setMeasure(undefined, true)}
      />
      <div className="timeline-scroll day-lanes">
        <Timeline
          lanes={lanes}
          entries={[]}
          toMs={whole.toMs}
          agents={ONE_AGENT}
          subject="the day"
          bounds={whole}
          view={view}
          measure={measure}
          selectedId={search.sel}
          cursorMs={search.sel === undefined ? undefined : times.get(search.sel)}
          markedIds={NOTHING_MARKED}
          onView={setView}
          onFit={onFit}
          onMeasure={setMeasure}
          onSelect={(sel) => onChange({ sel, panel: search.panel ?? "fields" })}
        />
      </div>
    </>
  );
}

/** From the first to the last thing that is not plain offline; undefined on a day without any. */
function busySpan(day: AgentDayResponse): View | undefined {
  const work = day.activity.filter((row) => row.activity !== "offline");
  const first = work[0];
  const last = work.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { fromMs: Date.parse(first.start_time), toMs: Date.parse(last.end_time) };
}

function recordTimes(lanes: ReturnType<typeof dayLanes>): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const lane of lanes) {
    for (const span of lane.spans) for (const id of span.record_ids.slice(0, 1)) times.set(id, Date.parse(span.from));
    for (const mark of lane.marks) times.set(mark.record_id, Date.parse(mark.time));
  }
  return times;
}
