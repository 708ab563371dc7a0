import type { ReactNode } from "react";
import { shortenId } from "../record/shorten-id.ts";
import { WireMark } from "../theme/wire-mark.tsx";
import { formatCount } from "../time/format.ts";
import type { LaneRow } from "./lane-rows.ts";
import { qualityMetrics } from "./quality-series.ts";

export interface LaneLabelsProps {
  readonly rows: readonly LaneRow[];
  /** Names of the agents by id. */
  readonly agents: ReadonlyMap<string, string>;
  readonly chosenRow: number;
  /** Height of the axis above the first lane. */
  readonly top: number;
  readonly onChoose: (row: number) => void;
}

/** The names of the lanes, level with them. Choosing one says which lane comma and full stop step through. */
export function LaneLabels({ rows, agents, chosenRow, top, onChoose }: LaneLabelsProps): ReactNode {
  const agentCount = new Set(rows.flatMap((row) => (row.agentId === null ? [] : [row.agentId]))).size;
  return (
    <ul className="lane-labels" style={{ paddingTop: top }}>
      {rows.map((row, index) => (
        <li key={row.key} style={{ height: row.height }}>
          <button
            type="button"
            aria-pressed={index === chosenRow}
            onClick={() => onChoose(index)}
            data-testid={`lane-${row.name}`}
            title={`${row.label}${row.agentId === null ? "" : `, ${agents.get(row.agentId) ?? row.agentId}`}`}
          >
            <WireMark source={row.source} />
            <span className="lane-name">{row.label}</span>
          </button>
          {agentCount > 1 && row.agentId !== null ? (
            <span className="lane-note">{agents.get(row.agentId) ?? shortenId(row.agentId)}</span>
          ) : null}
          {row.name === "softphone_quality" ? <QualityLegend row={row} /> : null}
        </li>
      ))}
    </ul>
  );
}

function QualityLegend({ row }: { readonly row: LaneRow }): ReactNode {
  return (
    <span className="lane-note" title="largest values; solid: what the agent hears; dashed: what the agent says">
      {qualityMetrics(row.lane.samples)
        .filter((metric) => metric.metric !== "audio_level")
        .map((metric) => (
          <span key={metric.metric} className="legend" data-metric={metric.metric}>
            {metric.label} ≤ {formatCount(Math.round(metric.most))}
            {metric.unit}
          </span>
        ))}
    </span>
  );
}
