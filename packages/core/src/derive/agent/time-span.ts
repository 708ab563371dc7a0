import type { UnixMillis } from "../../record.ts";

/** From an instant to another, which is excluded. */
export interface TimeSpan {
  readonly from: UnixMillis;
  readonly to: UnixMillis;
}

/** The union of the spans: in order, without overlap, those that touch made one. */
export function mergeSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: TimeSpan[] = [];
  for (const span of [...spans].sort((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (span.to <= span.from) continue;
    if (last === undefined || last.to < span.from) merged.push(span);
    else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to };
  }
  return merged;
}

/** What the span shares with spans that `mergeSpans` made. */
export function spanOverlap(span: TimeSpan, merged: readonly TimeSpan[]): TimeSpan[] {
  const parts: TimeSpan[] = [];
  for (let index = firstEndingAfter(span.from, merged); index < merged.length; index++) {
    const other = merged[index];
    if (other === undefined || other.from >= span.to) break;
    const from = other.from > span.from ? other.from : span.from;
    const to = other.to < span.to ? other.to : span.to;
    if (to > from) parts.push({ from, to });
  }
  return parts;
}

function firstEndingAfter(time: UnixMillis, merged: readonly TimeSpan[]): number {
  let [low, high] = [0, merged.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((merged[middle]?.to ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
