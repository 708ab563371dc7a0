import type { SourceStatus } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { WireBadge } from "../theme/wire-badge.tsx";
import { formatAge, formatCount, formatInstantIn, toMillis } from "../time/format.ts";
import type { Zone } from "../time/range.ts";

export interface SourceRowProps {
  readonly health: SourceStatus;
  /** The server's clock, so that ages do not depend on this computer's. */
  readonly nowMs: number;
  readonly zone: Zone;
}

export function SourceRow({ health, nowMs, zone }: SourceRowProps): ReactNode {
  return (
    <tr>
      <td>
        <Link to="/explorer" search={{ q: `source:${health.source}` }}>
          <WireBadge source={health.source} />
        </Link>
      </td>
      <td
        className={health.state === "receiving" ? "" : "muted"}
        title={
          health.last_ingested_time === null ? "" : `last received ${formatInstantIn(health.last_ingested_time, zone)}`
        }
      >
        {stateText(health, nowMs)}
      </td>
      <td className="number">{formatCount(health.record_count)}</td>
      <td>{timeText(health.first_event_time, zone)}</td>
      <td>{timeText(health.last_event_time, zone)}</td>
      <td className="number">
        {health.rejected_count === 0 ? (
          <span className="muted">0</span>
        ) : (
          <Link to="/rejected">{formatCount(health.rejected_count)}</Link>
        )}
      </td>
    </tr>
  );
}

function stateText(health: SourceStatus, nowMs: number): string {
  const last = health.last_ingested_time ?? health.last_event_time;
  if (health.state === "never" || last === null) return "never received";
  const age = formatAge(nowMs - toMillis(last));
  return health.state === "receiving" ? `receiving, last ${age} ago` : `quiet for ${age}`;
}

function timeText(time: string | null, zone: Zone): ReactNode {
  return time === null ? <span className="muted">none</span> : formatInstantIn(time, zone);
}
