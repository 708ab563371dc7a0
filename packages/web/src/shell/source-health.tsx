import type { SourceStatus } from "@fourwire/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { WireMark } from "../theme/wire-mark.tsx";
import { WIRE_ORDER, WIRES } from "../theme/wires.ts";
import { formatAge, formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { Zone } from "../time/range.ts";

/** Every wire with the age of its last record: silence is seen without asking. */
export function SourceHealth(): ReactNode {
  const { data: status } = useQuery(statusQuery());
  const { zone } = usePageRange();
  const nowMs = status === undefined ? 0 : Date.parse(status.now);
  const bySource = new Map(status?.sources.map((source) => [source.source, source]));
  return (
    <section aria-label="Source health" className="health">
      <ul>
        {WIRE_ORDER.map((source) => {
          const health = bySource.get(source);
          return (
            <li key={source} data-testid={`health-${source}`} data-state={health?.state ?? "unknown"}>
              <Link to="/sources" title={describe(health, zone)}>
                <WireMark source={source} isAbsent={health === undefined || health.state === "never"} />
                <span>{WIRES[source].label}</span>
                <span className={health?.state === "receiving" ? "age" : "age is-silent"}>{ageOf(health, nowMs)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function ageOf(health: SourceStatus | undefined, nowMs: number): string {
  if (health === undefined) return "…";
  // when it came, as on the page Sources: a file that is imported today may be of last year
  const last = health.last_ingested_time ?? health.last_event_time;
  return last === null ? "never" : formatAge(nowMs - Date.parse(last));
}

function describe(health: SourceStatus | undefined, zone: Zone): string {
  if (health === undefined) return "not known yet";
  if (health.last_event_time === null) return "nothing was ever received";
  const last = formatInstantIn(health.last_event_time, zone);
  return `${health.state === "receiving" ? "receiving" : "quiet"}, last record of ${last}`;
}
