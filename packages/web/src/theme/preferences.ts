import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";
export type Density = "compact" | "comfortable";

/** What a reader prefers, kept in this browser. It changes how the page looks, never what it shows. */
export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
}

const KEY = "fourwire.preferences";
const listeners = new Set<() => void>();
let current: Preferences = read();

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // storage can be forbidden (private windows, policy); the choice then lasts until the page is closed
  }
  applyPreferences();
  for (const listener of listeners) listener();
}

/** Puts the choice on the root element, where tokens.css reads it. */
export function applyPreferences(): void {
  const root = document.documentElement;
  if (current.theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = current.theme;
  root.dataset["density"] = current.density;
}

/** Height of a list row in pixels; the same as `--row` in tokens.css, which the virtual lists cannot read. */
export function rowHeightOf(density: Density): number {
  return density === "compact" ? 28 : 36;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(KEY);
  } catch {
    // see setPreferences
  }
  return {
    theme: stored?.includes('"dark"') ? "dark" : stored?.includes('"light"') ? "light" : "system",
    density: stored?.includes('"comfortable"') ? "comfortable" : "compact",
  };
}
