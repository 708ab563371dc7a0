import type { UnixMillis } from "../../../record.ts";
import type { AfterContactWorkClosedBy } from "../types/after-contact-work.ts";
import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { AgentMemory } from "./agent-memory.ts";
import type { AgentRows } from "./agent-rows.ts";

/** One event being folded in. */
export interface FoldStep {
  readonly memory: AgentMemory;
  /** Null where only the state is wanted. */
  readonly rows: AgentRows | null;
  readonly event: AgentEventRow;
  /** True while a lost event is made up for: what happened is known, when only as far as start times tell. */
  readonly isRecall: boolean;
  /** What ends the after-contact work of a contact that is no longer listed. */
  readonly closedBy: AfterContactWorkClosedBy;
}

/** The earliest instant at which something this step makes up for can have happened. */
export function earliestTime(step: FoldStep): UnixMillis {
  return step.isRecall ? (step.memory.lastTime ?? step.event.event_time) : step.event.event_time;
}

/** Both ids, once each. */
export function recordIds(first: string | null, last: string | null): string[] {
  if (first === null) return last === null ? [] : [last];
  return last === null || last === first ? [first] : [first, last];
}
