import { useSyncExternalStore } from "react";

const SECOND_MS = 1000;

const listeners = new Set<() => void>();
let currentMs = Date.now();
let ticker: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticker ??= setInterval(() => {
    currentMs = Date.now();
    for (const one of listeners) one();
  }, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

/** This computer's clock in ms, a new value each second; one timer drives every reader. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => currentMs);
}
