import { useEffect, useRef } from "react";

export type Hotkeys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/**
 * Single keys for the page that is shown. They rest while somebody types, while a dialog is open, and when the element
 * in focus has used the key itself.
 */
export function useHotkeys(hotkeys: Hotkeys): void {
  const current = useRef(hotkeys);
  useEffect(() => {
    current.current = hotkeys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isBusy(event)) return;
      const action = current.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** True when the key belongs to a field, a dialog or the browser. */
export function isBusy(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  const target = event.target;
  if (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable=true]")) return true;
  if (
    target instanceof HTMLElement &&
    (event.key === "Enter" || event.key === " ") &&
    target.matches("button, a, summary")
  ) {
    return true;
  }
  return document.querySelector('[role="dialog"][data-state="open"]') !== null;
}
