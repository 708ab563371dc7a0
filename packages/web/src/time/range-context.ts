import { createContext, useContext } from "react";
import type { Span } from "../api/queries.ts";
import type { RangeText, ResolvedRange, Zone } from "./range.ts";

/** The time the whole page looks at. `span` stays the same object until the range changes or is refreshed. */
export interface PageRange {
  readonly text: RangeText;
  readonly resolved: ResolvedRange;
  /** When the range was last resolved: what "now" means on this page. */
  readonly nowMs: number;
  readonly span: Span;
  readonly zone: Zone;
  readonly isLive: boolean;
  readonly setRange: (range: RangeText) => void;
  readonly setZone: (zone: Zone) => void;
  readonly setLive: (isLive: boolean) => void;
  /** Moves a relative range up to now. */
  readonly refresh: () => void;
}

export const RangeContext = createContext<PageRange | undefined>(undefined);

export function usePageRange(): PageRange {
  const range = useContext(RangeContext);
  if (range === undefined) throw new Error("usePageRange is used outside the shell");
  return range;
}
