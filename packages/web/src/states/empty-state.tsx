import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { WireBadge } from "../theme/wire-badge.tsx";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { absoluteRange } from "../time/range.ts";
import { FirstRun } from "./first-run.tsx";
import { newestTime } from "./newest-time.ts";
import { PageState } from "./page-state.tsx";

export interface EmptyStateProps {
  /** What was looked for: "contacts", "records". */
  readonly what: string;
  /** A filter narrowed the search, so the filter may be the reason. */
  readonly onClearFilter?: (() => void) | undefined;
}

const HOUR_MS = 3_600_000;

/** Why there is nothing: nothing ever, nothing in this time, or nothing that matches; and since when each wire is silent. */
export function EmptyState({ what, onClearFilter }: EmptyStateProps): ReactNode {
  const { data: status } = useQuery(statusQuery());
  const { zone, resolved, setRange } = usePageRange();
  const newest = newestTime(status);
  if (status !== undefined && newest === undefined) return <FirstRun />;
  return (
    <PageState
      kind="empty"
      title={onClearFilter === undefined ? `No ${what} in this time` : `No ${what} match the filter in this time`}
    >
      <p className="muted">
        Looked from {formatInstantIn(resolved.fromMs, zone)} to {formatInstantIn(resolved.toMs, zone)}.
      </p>
      {status === undefined ? null : (
        <ul className="silences">
          {status.sources.map((source) => (
            <li key={source.source}>
              <WireBadge source={source.source} />
              <span className="muted">
                {source.last_event_time === null
                  ? "never received"
                  : `last record ${formatInstantIn(source.last_event_time, zone)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="actions">
        {newest === undefined ? null : (
          <button
            type="button"
            className="button"
            onClick={() => setRange(absoluteRange(newest - HOUR_MS, newest + 1000))}
          >
            Show the last hour that has records
          </button>
        )}
        {onClearFilter === undefined ? null : (
          <button type="button" className="button" onClick={onClearFilter}>
            Clear the filter
          </button>
        )}
      </p>
    </PageState>
  );
}
