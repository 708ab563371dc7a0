import { useSyncExternalStore } from "react";

/** True while the page is being printed: lists then hold more rows than a screen shows. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia("print").matches);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia("print");
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
