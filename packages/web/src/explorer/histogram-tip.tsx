import type { ReactNode } from "react";
import { WireBadge } from "../theme/wire-badge.tsx";
import { formatCount, formatDuration, formatInstantIn, plural } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import type { Bar } from "./histogram-layout.ts";

export interface HistogramTipProps {
  readonly bar: Bar;
  /** Of the plot; the tip stays inside. */
  readonly width: number;
  readonly zone: Zone;
}

export function HistogramTip({ bar, width, zone }: HistogramTipProps): ReactNode {
  const isRight = bar.x > width / 2;
  return (
    <div className="tip" style={isRight ? { right: width - bar.x + 8 } : { left: bar.x + bar.width + 8 }}>
      <p>
        {formatInstantIn(bar.fromMs, zone)} <span className="muted">for {formatDuration(bar.toMs - bar.fromMs)}</span>
      </p>
      <dl>
        {[...bar.segments].reverse().map((segment) => (
          <div key={segment.source}>
            <dt>
              <WireBadge source={segment.source} />
            </dt>
            <dd>{formatCount(segment.count)}</dd>
          </div>
        ))}
      </dl>
      {bar.errors > 0 ? <p className="level-error">{plural(bar.errors, "error")}</p> : null}
      {bar.isPartial ? <p className="muted">hatched: the bucket is not over yet</p> : null}
    </div>
  );
}
