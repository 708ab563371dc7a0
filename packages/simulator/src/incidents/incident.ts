import type { SourceName, UnixMillis } from "@fourwire/core";
import type { Stage } from "../stage.ts";

/** When an incident happens. */
export interface IncidentSpan {
  readonly startTime: UnixMillis;
  readonly endTime: UnixMillis;
}

/** Something that goes wrong, by name. It changes the conditions of an instance and puts them right again. */
export interface Incident {
  readonly name: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** The wires it shows on. */
  readonly wires: readonly SourceName[];
  /** Plans it. Called before anything has happened. */
  readonly plan: (stage: Stage, span: IncidentSpan) => void;
}
