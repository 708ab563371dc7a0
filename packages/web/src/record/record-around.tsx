import type { AroundResponse, RecordSummary } from "@fourwire/core";
import type { ReactNode } from "react";
import { ErrorState } from "../states/error-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { LevelMark } from "../theme/level-mark.tsx";
import { WireMark } from "../theme/wire-mark.tsx";
import { WIRES } from "../theme/wires.ts";
import { formatDuration, formatInstantIn, plural, toMillis } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface RecordAroundProps {
  readonly recordId: string;
  readonly around: AroundResponse | undefined;
  readonly error: Error | null;
  readonly onSelect: (recordId: string) => void;
}

const GROUPS: readonly { readonly key: keyof AroundResponse; readonly title: string }[] = [
  { key: "agent", title: "Same agent, 30 s to either side" },
  { key: "contact", title: "Same contact" },
  { key: "session", title: "Same session" },
];

export function RecordAround({ recordId, around, error, onSelect }: RecordAroundProps): ReactNode {
  if (error !== null) return <ErrorState error={error} what="what is around the record could not be read" />;
  if (around === undefined) return <Skeleton rows={8} what="what is around the record" />;
  const own = GROUPS.flatMap((group) => around[group.key]).find((record) => record.record_id === recordId);
  return (
    <div className="around">
      {GROUPS.map((group) => (
        <section key={group.key} aria-label={group.title}>
          <h3>
            {group.title}: <span>{plural(around[group.key].length, "record")}</span>
          </h3>
          {around[group.key].length === 0 ? <p className="muted">none</p> : null}
          <ul>
            {around[group.key].map((record) => (
              <AroundRow
                key={record.record_id}
                record={record}
                own={own}
                isOwn={record.record_id === recordId}
                onSelect={onSelect}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface AroundRowProps {
  readonly record: RecordSummary;
  readonly own: RecordSummary | undefined;
  readonly isOwn: boolean;
  readonly onSelect: (recordId: string) => void;
}

function AroundRow({ record, own, isOwn, onSelect }: AroundRowProps): ReactNode {
  const { zone } = usePageRange();
  const distanceMs = own === undefined ? undefined : toMillis(record.event_time) - toMillis(own.event_time);
  return (
    <li>
      <button
        type="button"
        aria-current={isOwn}
        onClick={() => onSelect(record.record_id)}
        title={formatInstantIn(record.event_time, zone)}
      >
        <span className="distance">{isOwn ? "this" : signed(distanceMs)}</span>
        <WireMark source={record.source} />
        <span className="visually-hidden">{WIRES[record.source].label}</span>
        <LevelMark severityNumber={record.severity_number} />
        <span className="around-message">{record.message}</span>
      </button>
    </li>
  );
}

function signed(ms: number | undefined): string {
  if (ms === undefined) return "";
  return `${ms < 0 ? "−" : "+"}${formatDuration(Math.abs(ms))}`;
}
