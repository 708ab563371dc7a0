import { useMemo, useState } from "react";
import { absoluteRange } from "../time/range.ts";
import type { View } from "./timeline-scale.ts";
import { readView } from "./use-view.ts";

/** Where the measured span stands in the URL; both or neither. */
export interface MeasureSearch {
  readonly m0?: string | undefined;
  readonly m1?: string | undefined;
}

/** The measured span: local while it is dragged, in the URL when it is done. */
export function useMeasure(
  { m0, m1 }: MeasureSearch,
  onChange: (next: MeasureSearch) => void,
): readonly [View | undefined, (span: View | undefined, isDone: boolean) => void] {
  const [dragged, setDragged] = useState<View>();
  const stored = useMemo(() => readView(m0, m1), [m0, m1]);
  const setMeasure = (span: View | undefined, isDone: boolean): void => {
    setDragged(isDone ? undefined : span);
    if (!isDone || (span === undefined && stored === undefined)) return;
    const range = span === undefined ? undefined : absoluteRange(span.fromMs, span.toMs);
    onChange({ m0: range?.from, m1: range?.to });
  };
  return [dragged ?? stored, setMeasure];
}
