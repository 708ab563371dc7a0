import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fitView, type View } from "./timeline-scale.ts";

export interface ViewRequest {
  readonly bounds: View;
  /** From the URL; both or neither. */
  readonly t0: string | undefined;
  readonly t1: string | undefined;
  readonly onCommit: (span: { readonly t0: string | undefined; readonly t1: string | undefined }) => void;
}

/** The URL follows a moving view at this distance. */
const COMMIT_MS = 200;

/** The visible span: moved at once, written to the URL when it rests. `undefined` fits everything. */
export function useView({ bounds, t0, t1, onCommit }: ViewRequest): readonly [View, (view: View | undefined) => void] {
  const fitted = useMemo(() => fitView(bounds), [bounds]);
  const [view, setView] = useState<View>(() => readView(t0, t1) ?? fitted);
  const committed = useRef(`${t0}/${t1}`);
  const commit = useRef(onCommit);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    commit.current = onCommit;
  });
  useEffect(() => {
    // the URL says what was just written to it; anything else came from a link or the back button
    if (committed.current !== `${t0}/${t1}` || t0 === undefined) setView(readView(t0, t1) ?? fitted);
    committed.current = `${t0}/${t1}`;
  }, [t0, t1, fitted]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = useCallback(
    (next: View | undefined) => {
      setView(next ?? fitted);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const span =
          next === undefined ? { t0: undefined, t1: undefined } : { t0: iso(next.fromMs), t1: iso(next.toMs) };
        committed.current = `${span.t0}/${span.t1}`;
        commit.current(span);
      }, COMMIT_MS);
    },
    [fitted],
  );
  return [view, change];
}

/** A span of the URL; undefined when it is not one. */
export function readView(from: string | undefined, to: string | undefined): View | undefined {
  const fromMs = Date.parse(from ?? "");
  const toMs = Date.parse(to ?? "");
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
