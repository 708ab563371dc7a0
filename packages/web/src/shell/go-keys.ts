import { useEffect, useRef } from "react";
import { isBusy } from "./hotkeys.ts";

const PATIENCE_MS = 1200;
const NEVER = Number.NEGATIVE_INFINITY;

/** `g` and then a letter. Listens before the pages do, so that the letter's own meaning there does not fire as well. */
export function useGoKeys(go: (letter: string) => boolean): void {
  const pressedAt = useRef(NEVER);
  const current = useRef(go);
  useEffect(() => {
    current.current = go;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isBusy(event)) return;
      const isPending = event.timeStamp - pressedAt.current < PATIENCE_MS;
      pressedAt.current = NEVER;
      if (event.key === "g" && !isPending) {
        pressedAt.current = event.timeStamp;
      } else if (isPending && current.current(event.key)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}
