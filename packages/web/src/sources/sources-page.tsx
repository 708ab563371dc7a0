import type { SourceStatus } from "@fourwire/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { ErrorState } from "../states/error-state.tsx";
import { FirstRun } from "../states/first-run.tsx";
import { newestTime } from "../states/newest-time.ts";
import { Skeleton } from "../states/skeleton.tsx";
import { WIRE_ORDER } from "../theme/wires.ts";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { Receivers } from "./receivers.tsx";
import { SilentAgents } from "./silent-agents.tsx";
import { SourceRow } from "./source-row.tsx";
import "../agents/agents.css";
import "./sources.css";

/** The health of the six sources. */
export function SourcesPage(): ReactNode {
  const { data: status, error, refetch } = useQuery(statusQuery());
  const { zone } = usePageRange();
  if (status === undefined && error !== null) {
    return <ErrorState error={error} what="the sources could not be read" onRetry={() => void refetch()} />;
  }
  if (status === undefined) return <Skeleton rows={6} what="sources" />;
  const bySource = new Map(
    status.sources.map((source): [SourceStatus["source"], SourceStatus] => [source.source, source]),
  );
  return (
    <div className="page page-scroll">
      <table className="plain-table sources-table" data-testid="sources">
        <thead>
          <tr>
            <th>Source</th>
            <th>State</th>
            <th className="number">Records</th>
            <th>First record</th>
            <th>Last record</th>
            <th className="number">Rejected</th>
          </tr>
        </thead>
        <tbody>
          {WIRE_ORDER.map((source) => {
            const health = bySource.get(source);
            return health === undefined ? null : (
              <SourceRow key={source} health={health} nowMs={Date.parse(status.now)} zone={zone} />
            );
          })}
        </tbody>
      </table>
      <p className="muted sources-note">
        Server version {status.version}, running since {formatInstantIn(status.started_time, zone)}. A source is
        receiving when something arrived in the last 5 minutes.
      </p>
      <Receivers />
      <SilentAgents />
      {newestTime(status) === undefined ? <FirstRun /> : null}
    </div>
  );
}
