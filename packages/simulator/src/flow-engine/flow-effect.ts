import type { FlowQueue } from "./flow-contact.ts";
import type { FlowResource } from "./flow-resource.ts";
import type { Prompt } from "./flow-host.ts";

export type FlowWarningCode =
  | "type_unknown"
  | "target_missing"
  | "no_branch"
  | "step_limit"
  | "flow_not_found"
  | "module_not_found"
  | "module_depth"
  | "reference_empty";

/** What a running flow does, in order. The driver acts on `wait` and `hold`; the rest it may act on or ignore. */
export type FlowEffect =
  /** Simulated time passes; the driver resumes the run afterwards, or never, if the customer has left meanwhile. */
  | { readonly kind: "wait"; readonly durationMs: number; readonly reason: WaitReason }
  /** The block goes on until something outside ends it: an agent answers, the customer leaves. Resumed, the run ends. */
  | { readonly kind: "hold" }
  /** One log entry, as Connect writes it, at the clock's instant. Only while logging is on. */
  | { readonly kind: "log"; readonly body: string }
  | { readonly kind: "enter_flow"; readonly flow: FlowResource }
  | { readonly kind: "enter_block"; readonly flow: FlowResource; readonly action: string; readonly type: string }
  | {
      readonly kind: "leave_block";
      readonly flow: FlowResource;
      readonly action: string;
      /** `next`, `error NoMatchingError`, `Equals 1`, `end`. */
      readonly branch: string;
      readonly isError: boolean;
      readonly to: string | undefined;
    }
  | { readonly kind: "say"; readonly prompt: Prompt }
  | { readonly kind: "set_attributes"; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: "set_queue"; readonly queue: FlowQueue }
  | { readonly kind: "set_hook"; readonly hook: string; readonly flow: string }
  | { readonly kind: "invoke_lambda"; readonly functionArn: string }
  | { readonly kind: "enqueue"; readonly queue: FlowQueue; readonly isRequeue: boolean }
  | { readonly kind: "callback"; readonly queue: FlowQueue; readonly number: string; readonly delayMs: number }
  | { readonly kind: "dial"; readonly number: string }
  | { readonly kind: "disconnect" }
  | { readonly kind: "warning"; readonly code: FlowWarningCode; readonly message: string; readonly action: string };

export type WaitReason = "processing" | "speech" | "input" | "lambda" | "bot" | "look_up" | "wait" | "call" | "view";

/** How a run ended; the words of Connect's flow metrics are in the comments. */
export type FlowOutcome =
  /** ENDED_FLOW_EXECUTION */
  | { readonly kind: "ended" }
  /** DISCONNECTED_PARTICIPANT */
  | { readonly kind: "disconnected" }
  /** TRANSFERED_TO_QUEUE */
  | { readonly kind: "queued"; readonly queue: FlowQueue }
  /** TRANSFERED_TO_AGENT */
  | { readonly kind: "transferred_to_agent" }
  /** TRANSFERED_TO_PHONE_NUMBER */
  | { readonly kind: "transferred_to_number"; readonly number: string }
  /** TRANSFERED_TO_FLOW, where the host does not have that flow; one that it has is entered in the same run. */
  | { readonly kind: "transferred_to_flow"; readonly reference: string }
  /** RETURNED_TO_FLOW: a module run by itself */
  | { readonly kind: "returned" }
  /** DROPPED: the customer left inside a block */
  | { readonly kind: "dropped" }
  /** The flow could not go on, and Connect ended the contact. */
  | { readonly kind: "failed"; readonly reason: FlowWarningCode };
