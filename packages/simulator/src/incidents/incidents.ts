import type { Stage } from "../stage.ts";
import type { Incident } from "./incident.ts";

/** Every incident that can be asked for, by name. */
export const INCIDENTS: readonly Incident[] = [];

export function startIncidents(stage: Stage, names: readonly string[]): void {
  void stage;
  void names;
}
