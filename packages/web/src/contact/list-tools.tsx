import type { SourceName, TimelineEntry } from "@fourwire/core";
import type { ReactNode } from "react";
import { groupBy } from "../list/group-by.ts";
import { WireBadge } from "../theme/wire-badge.tsx";
import { WIRE_ORDER } from "../theme/wires.ts";
import { formatCount, plural } from "../time/format.ts";

export interface ListToolsProps {
  readonly entries: readonly TimelineEntry[];
  readonly shownCount: number;
  readonly wires: ReadonlySet<SourceName>;
  readonly onWires: (wires: ReadonlySet<SourceName>) => void;
  /** Text of the clause whose records are listed. */
  readonly clause: string | undefined;
  readonly onClearClause: () => void;
}

/** Which sources are listed, and how much of the timeline that is. */
export function ListTools({ entries, shownCount, wires, onWires, clause, onClearClause }: ListToolsProps): ReactNode {
  const counts = groupBy(entries, (entry) => entry.source);
  const toggle = (source: SourceName): void => {
    const next = new Set(wires);
    if (!next.delete(source)) next.add(source);
    onWires(next);
  };
  return (
    <div className="list-tools">
      <div className="wire-filters" role="group" aria-label="Sources listed">
        {WIRE_ORDER.filter((source) => counts.has(source)).map((source) => (
          <button
            key={source}
            type="button"
            className="wire-filter"
            aria-pressed={wires.has(source)}
            data-off={wires.size > 0 && !wires.has(source)}
            onClick={() => toggle(source)}
            data-testid={`wire-${source}`}
          >
            <WireBadge source={source} />
            <span className="muted">{formatCount(counts.get(source)?.length ?? 0)}</span>
          </button>
        ))}
      </div>
      <span className="spacer" />
      {clause === undefined ? null : (
        <button type="button" className="button" data-active onClick={onClearClause} title="list all records again">
          <span className="clause-chip">{clause.replaceAll("`", "")}</span> ×
        </button>
      )}
      <span className="muted" aria-live="polite" data-testid="entry-count">
        {shownCount === entries.length
          ? plural(shownCount, "record")
          : `${formatCount(shownCount)} of ${plural(entries.length, "record")}`}
      </span>
    </div>
  );
}
