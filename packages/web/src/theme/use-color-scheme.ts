import { useSyncExternalStore } from "react";
import { usePreferences } from "./preferences.ts";
import { usePrinting } from "./use-printing.ts";

const DARK = "(prefers-color-scheme: dark)";

/** Changes whenever the colours change, so that a canvas knows to draw itself again. */
export function useColorScheme(): "light" | "dark" {
  const { theme } = usePreferences();
  const systemIsDark = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches);
  // paper is white, whatever the screen is
  if (usePrinting()) return "light";
  if (theme !== "system") return theme;
  return systemIsDark ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
