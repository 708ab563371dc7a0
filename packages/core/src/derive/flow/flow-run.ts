import type { UnixMillis } from "../../record.ts";
import type { FlowVersion } from "./flow-versions.ts";

/** How a flow ended for a contact; `dropped`: no entry says so, and `not_logged`: it had turned its logging off. */
export type FlowOutcome =
  | "disconnected"
  | "dropped"
  | "ended"
  | "not_logged"
  | "returned"
  | "transferred_to_agent"
  | "transferred_to_flow"
  | "transferred_to_phone"
  | "transferred_to_queue";

/** One time that a contact went through a block: all entries it wrote meanwhile. */
export interface FlowBlockVisit {
  /** Id in the definition, or as logged where the definition has no such block; null where only its word is known. */
  readonly block_id: string | null;
  /** What is known of it: its identifier, its place on the only way that fits, or that it is one of several blocks. */
  readonly matched_by: "identifier" | "walk" | "one_of" | "none";
  /** The blocks it may be, where there are several. */
  readonly one_of: readonly string[];
  /** Logged, and not in the definition of that time. False where no definition is known. */
  readonly is_ghost: boolean;
  /** The word of flow logs: `PlayPrompt`. */
  readonly block_type: string;
  readonly start_time: UnixMillis;
  /** Time of its last entry. */
  readonly end_time: UnixMillis;
  /** As logged: what the customer pressed is among them. */
  readonly result: string | null;
  readonly is_error: boolean;
  /** The block before led here: by a branch, or not known, because entries are missing or were not logged. */
  readonly follows: "branch" | "start" | "unknown" | "not_logged";
  /** Labels of the branches by which it can have been left; several where they lead to one block or nothing tells. */
  readonly left_by: readonly string[];
  readonly record_ids: readonly string[];
}

/** One contact's way through one flow or module, once. */
export interface FlowRun {
  readonly contact_id: string;
  readonly flow_id: string;
  readonly flow_kind: string | null;
  readonly flow_name: string | null;
  /** The flow that called this module, where entries say so. */
  readonly caller_flow_id: string | null;
  /** The definition of that time; null where none is known. */
  readonly version: FlowVersion | null;
  /** True where no definition is known from so early. */
  readonly is_version_assumed: boolean;
  readonly start_time: UnixMillis;
  readonly end_time: UnixMillis;
  readonly outcome: FlowOutcome;
  readonly visits: readonly FlowBlockVisit[];
}
