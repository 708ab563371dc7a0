import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { formatClock, formatDuration, zoneSuffix } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { View } from "./timeline-scale.ts";

export interface TimelineToolsProps {
  readonly view: View;
  /** What the next press of F shows. */
  readonly fitLabel: string;
  readonly measure: View | undefined;
  readonly onFit: () => void;
  readonly onZoomTo: (span: View) => void;
  readonly onClearMeasure: () => void;
}

/** What span is seen, what was measured, and the link to exactly this. */
export function TimelineTools({
  view,
  fitLabel,
  measure,
  onFit,
  onZoomTo,
  onClearMeasure,
}: TimelineToolsProps): ReactNode {
  const { zone } = usePageRange();
  const spanText = (span: View): string =>
    `${formatClock(span.fromMs, zone, true)} to ${formatClock(span.toMs, zone, true)} ${zoneSuffix(span.toMs, zone)}`;
  return (
    <div className="timeline-tools">
      <span className="muted">
        {spanText(view)} ({formatDuration(view.toMs - view.fromMs)})
      </span>
      <button type="button" className="button quiet" onClick={onFit} data-testid="fit">
        {fitLabel} <kbd>F</kbd>
      </button>
      {measure === undefined ? (
        <span className="muted hint">drag to measure, wheel to zoom, Shift-drag to pan</span>
      ) : (
        <span className="measure" data-testid="measure">
          <strong>{formatDuration(measure.toMs - measure.fromMs)}</strong> measured, {spanText(measure)}
          <button type="button" className="button quiet" onClick={() => onZoomTo(measure)}>
            Zoom to it
          </button>
          <button type="button" className="button quiet" onClick={onClearMeasure}>
            Clear
          </button>
        </span>
      )}
      <span className="spacer" />
      <CopyLink />
    </div>
  );
}

function CopyLink(): ReactNode {
  // read when it is drawn: whatever moves the page moves the URL, and the route draws this again
  return (
    <CopyButton text={window.location.href} what="link to what is shown" className="button">
      Copy link
    </CopyButton>
  );
}
