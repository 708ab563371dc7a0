import type { AgentDayResponse, AgentMetricName, FigureEvidenceResponse } from "@fourwire/core";
import * as Popover from "@radix-ui/react-popover";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { figureEvidenceQuery } from "../api/queries.ts";
import { formatDuration, formatInstantIn, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { FIGURE_BLOCKS, figureText, metricLabel, type DayFigure } from "./day-figures.ts";

export interface DayTotalsProps {
  readonly day: AgentDayResponse;
  /** The day compared with. */
  readonly other: AgentDayResponse | undefined;
  readonly onOpenRecord: (recordId: string) => void;
}

/** Every figure of the day, and of the day compared with; each says how it was computed. */
export function DayTotals({ day, other, onOpenRecord }: DayTotalsProps): ReactNode {
  return (
    <div className="day-totals" data-testid="day-totals" data-compared={other !== undefined}>
      {FIGURE_BLOCKS.map((block) => (
        <section key={block.title}>
          <h2>{block.title}</h2>
          <table>
            <tbody>
              {block.metrics.map((metric) => (
                <tr key={metric} data-metric={metric}>
                  <th scope="row">{metricLabel(metric)}</th>
                  <td className="number">
                    <HowComputed day={day} metric={metric} onOpenRecord={onOpenRecord} />
                  </td>
                  {other === undefined ? null : (
                    <td className="number muted">
                      {figureText(other.totals[metric])}{" "}
                      <Difference one={day.totals[metric]} other={other.totals[metric]} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}

interface DifferenceProps {
  readonly one: DayFigure;
  readonly other: DayFigure;
}

function Difference({ one, other }: DifferenceProps): ReactNode {
  if (one.value === null || other.value === null) return null;
  const by = one.value - other.value;
  if (by === 0) return null;
  const size = figureText({ value: Math.abs(by), unit: one.unit });
  return (
    <span title="this day against the other">
      ({by > 0 ? "+" : "−"}
      {size})
    </span>
  );
}

interface HowComputedProps {
  readonly day: AgentDayResponse;
  readonly metric: AgentMetricName;
  readonly onOpenRecord: (recordId: string) => void;
}

function HowComputed({ day, metric, onOpenRecord }: HowComputedProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const figure = day.totals[metric];
  return (
    <Popover.Root open={isOpen} onOpenChange={setOpen}>
      <Popover.Trigger className="how day-figure" title="how computed">
        {figureText(figure)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover how-text" align="start" sideOffset={4} aria-label="How computed">
          <p>
            <strong>{metricLabel(metric)}</strong> {figureText(figure)}
          </p>
          <p>{figure.how}</p>
          <Evidence
            day={day}
            metric={metric}
            onOpenRecord={(recordId) => {
              setOpen(false);
              onOpenRecord(recordId);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Records listed in the popover; the explorer has the rest. */
const SHOWN_RECORDS = 12;

function Evidence({ day, metric, onOpenRecord }: HowComputedProps): ReactNode {
  const { zone } = usePageRange();
  const { data, error } = useQuery(figureEvidenceQuery(day, metric));
  if (error !== null) return <p className="level-error">the records could not be read: {error.message}</p>;
  if (data === undefined) return <p className="muted">reading the records</p>;
  return (
    <>
      <p className="muted">{rowsText(data)}</p>
      <ul className="evidence">
        {data.records.slice(0, SHOWN_RECORDS).map((record) => (
          <li key={record.record_id}>
            <button type="button" onClick={() => onOpenRecord(record.record_id)} title={record.message}>
              {formatInstantIn(record.event_time, zone).slice(11, 23)} {record.message}
            </button>
          </li>
        ))}
      </ul>
      {data.records.length > SHOWN_RECORDS ? (
        <p className="muted">and {plural(data.records.length - SHOWN_RECORDS, "more record")}</p>
      ) : null}
    </>
  );
}

function rowsText(evidence: FigureEvidenceResponse): string {
  const parts = evidence.rows.map(({ table, rows }) => {
    const summed = rows.reduce((sum, row) => sum + Number(row["duration_ms"] ?? 0), 0);
    const length = evidence.figure.unit === "ms" && summed > 0 ? `, ${formatDuration(summed)} uncut` : "";
    return `${plural(rows.length, "row")} of ${table}${length}`;
  });
  const records = plural(evidence.records.length, "record");
  return `Read from ${parts.join(" and ")}; ${evidence.is_truncated ? "the first " : ""}${records}.`;
}
