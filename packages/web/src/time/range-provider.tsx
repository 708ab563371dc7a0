import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { RangeContext, type PageRange } from "./range-context.ts";
import { absoluteRange, DEFAULT_FROM, resolveRange, type RangeText, type Zone } from "./range.ts";

export interface RangeProviderProps {
  readonly children: ReactNode;
}

/** How often a relative range moves up while the page is live. */
const LIVE_TICK_MS = 5000;

/** Reads range, zone and live from the URL and gives them to the page. */
export function RangeProvider({ children }: RangeProviderProps): ReactNode {
  const { from = DEFAULT_FROM, to, tz = "local", live } = useSearch({ from: "__root__" });
  const client = useQueryClient();
  const [nowMs, setNowMs] = useState(() => Date.now());
  const change = useChangeSearch();
  const isLive = live === "1";

  const tick = useCallback(() => setNowMs(Date.now()), []);
  const refresh = useCallback(() => {
    tick();
    void client.invalidateQueries();
  }, [client, tick]);
  useTicking(isLive, tick);
  const setRange = useCallback(
    (range: RangeText) => {
      tick();
      change({ from: range.from, to: range.to });
    },
    [change, tick],
  );

  const value = useMemo((): PageRange => {
    const text: RangeText = { from, to };
    const resolved = resolveRange(text, nowMs);
    return {
      text,
      resolved,
      nowMs,
      span: absoluteRange(resolved.fromMs, resolved.toMs),
      zone: tz,
      isLive,
      setRange,
      setZone: (zone) => change({ tz: zone }, true),
      setLive: (on) => change({ live: on ? "1" : undefined }),
      refresh,
    };
  }, [from, to, tz, isLive, nowMs, setRange, refresh, change]);
  return <RangeContext value={value}>{children}</RangeContext>;
}

interface SearchChange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly tz?: Zone | undefined;
  readonly live?: "1" | undefined;
}

function useChangeSearch(): (change: SearchChange, isReplacing?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (change: SearchChange, isReplacing = false) => {
      void navigate({ to: ".", search: (previous) => ({ ...previous, ...change }), replace: isReplacing });
    },
    [navigate],
  );
}

function useTicking(isTicking: boolean, tick: () => void): void {
  useEffect(() => {
    if (!isTicking) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, LIVE_TICK_MS);
    return () => clearInterval(timer);
  }, [isTicking, tick]);
}
