import type { HistogramResponse } from "@fourwire/core";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { moveIndex } from "../list/step.ts";
import { prepareCanvas, readColors } from "../theme/canvas-colors.ts";
import { useColorScheme } from "../theme/use-color-scheme.ts";
import { useWidth } from "../theme/use-size.ts";
import { formatInstantIn, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { timeTicks } from "../time/ticks.ts";
import { drawHistogram, HISTOGRAM_TOKENS } from "./histogram-draw.ts";
import { barAt, layoutBars, type Bar } from "./histogram-layout.ts";
import { HistogramTip } from "./histogram-tip.tsx";
import { useBrush } from "./use-brush.ts";

export interface HistogramProps {
  readonly histogram: HistogramResponse | undefined;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const PLOT_HEIGHT = 72;
const AXIS_HEIGHT = 20;

/** How many records when, stacked by source. Drag zooms, a click narrows to one bucket. */
export function Histogram({ histogram, onZoom }: HistogramProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(host);
  const scheme = useColorScheme();
  const { zone, nowMs } = usePageRange();
  const [chosen, setChosen] = useState<Bar>();

  const layout = useMemo(() => {
    const area = { width, height: PLOT_HEIGHT, nowMs };
    return histogram === undefined || width === 0 ? undefined : layoutBars(histogram, area);
  }, [histogram, width, nowMs]);
  const fromMs = histogram === undefined ? 0 : Date.parse(histogram.from);
  const toMs = histogram === undefined ? 1 : Date.parse(histogram.to);
  const timeAt = (x: number): number => fromMs + (x / Math.max(1, width)) * (toMs - fromMs);

  const brush = useBrush({
    host,
    onBrush: (from, to) => onZoom(timeAt(from), timeAt(to)),
    onClick: (x) => {
      const bar = barAt(layout?.bars ?? [], x);
      if (bar !== undefined) onZoom(bar.fromMs, bar.toMs);
    },
    onHover: (x) => setChosen(x === undefined ? undefined : barAt(layout?.bars ?? [], x)),
  });

  useEffect(() => {
    const context =
      canvas.current === null || width === 0
        ? undefined
        : prepareCanvas(canvas.current, width, PLOT_HEIGHT + AXIS_HEIGHT);
    if (context === undefined || canvas.current === null || layout === undefined) return;
    const ticks = timeTicks({ fromMs, toMs, width, zone });
    const xOf = (time: number): number => ((time - fromMs) / (toMs - fromMs)) * width;
    const scene = { xOf, bars: layout.bars, ticks, width, plotHeight: PLOT_HEIGHT, chosen, brush };
    drawHistogram(context, scene, readColors({ host: document.body, tokens: HISTOGRAM_TOKENS, scheme }));
  }, [layout, width, scheme, zone, chosen, brush, fromMs, toMs]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const bars = layout?.bars ?? [];
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const at = bars.findIndex((bar) => bar.fromMs === chosen?.fromMs);
      setChosen(bars[moveIndex(bars.length, at, event.key === "ArrowRight" ? 1 : -1)]);
    } else if (event.key === "Enter" && chosen !== undefined) {
      event.preventDefault();
      onZoom(chosen.fromMs, chosen.toMs);
    }
  };

  return (
    <div className="histogram">
      <div
        ref={host}
        className="histogram-plot"
        role="group"
        tabIndex={0}
        aria-label={`Records over time, ${plural(histogram?.total ?? 0, "record")}. Left and right choose a bucket, Enter narrows to it.`}
        onKeyDown={onKeyDown}
        onBlur={() => setChosen(undefined)}
        data-testid="histogram"
      >
        <canvas ref={canvas} style={{ width: "100%", height: PLOT_HEIGHT + AXIS_HEIGHT }} />
        {chosen === undefined ? null : <HistogramTip bar={chosen} width={width} zone={zone} />}
      </div>
      <p className="visually-hidden" aria-live="polite">
        {chosen === undefined
          ? ""
          : `${formatInstantIn(chosen.fromMs, zone)}: ${plural(chosen.total, "record")}, ${plural(chosen.errors, "error")}`}
      </p>
    </div>
  );
}
