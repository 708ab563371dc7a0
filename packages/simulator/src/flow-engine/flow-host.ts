import type { JsonObject, JsonValue } from "@fourwire/core";
import type { FlowContact, FlowQueue } from "./flow-contact.ts";
import type { FlowResource } from "./flow-resource.ts";

// What a flow cannot know by itself. Each question is asked once, at the instant it matters; the answer says how long
// it took, and the engine lets that time pass. Answers are values: a host that throws is a bug.

export interface Prompt {
  /** `prompt` is a recording of the instance, `s3_audio` a file in a bucket. */
  readonly form: "text" | "ssml" | "prompt" | "s3_audio";
  /** What is said, or the recording's ARN or address. */
  readonly content: string;
}

export interface InputRequest {
  readonly contact: FlowContact;
  readonly action: string;
  readonly prompt: Prompt | undefined;
  /** How long Connect waits for the first digit after the prompt. */
  readonly limitMs: number;
  /** Digits that lead somewhere; empty where any input is stored. */
  readonly choices: readonly string[];
  readonly mostDigits: number;
}

/** `silence` lasts the prompt and the limit. `hang_up`: the customer leaves inside the block, which logs no exit. */
export type InputAnswer =
  | { readonly kind: "digits"; readonly digits: string; readonly tookMs: number }
  | { readonly kind: "silence" }
  | { readonly kind: "hang_up"; readonly afterMs: number };

export interface LambdaRequest {
  readonly contact: FlowContact;
  readonly functionArn: string;
  readonly parameters: JsonObject;
  readonly isAsynchronous: boolean;
  /** 1 for the first try; throttling and service failures are tried three times within the limit. */
  readonly attempt: number;
}

/** A `tookMs` above the block's limit is a timeout. */
export type LambdaAnswer =
  | { readonly kind: "returned"; readonly value: JsonValue; readonly tookMs: number }
  | {
      readonly kind: "failed";
      readonly reason: "function_error" | "access_denied" | "throttled" | "service_failure";
      readonly tookMs: number;
    };

export interface BotRequest {
  readonly contact: FlowContact;
  readonly action: string;
  readonly botArn: string;
  readonly prompt: Prompt | undefined;
  /** Intents that lead somewhere. */
  readonly intents: readonly string[];
  readonly sessionAttributes: JsonObject;
}

export type BotAnswer =
  | {
      readonly kind: "intent";
      readonly intent: string;
      readonly slots: JsonObject;
      readonly sessionAttributes: JsonObject;
      readonly tookMs: number;
    }
  | { readonly kind: "failed"; readonly tookMs: number }
  | { readonly kind: "hang_up"; readonly afterMs: number };

export interface QueueMetrics {
  readonly agentsOnline: number;
  readonly agentsStaffed: number;
  readonly agentsAvailable: number;
  readonly contactsInQueue: number;
  readonly oldestContactMs: number;
}

export interface DialRequest {
  readonly contact: FlowContact;
  readonly number: string;
  readonly limitMs: number;
}

/** `talkMs` is how long the parties talk before the flow goes on, where it does. */
export type DialAnswer =
  | { readonly kind: "answered"; readonly ringMs: number; readonly talkMs: number }
  | { readonly kind: "no_answer" }
  | { readonly kind: "failed"; readonly tookMs: number };

export interface LookUpRequest {
  readonly contact: FlowContact;
  /** The action type: GetCustomerProfile, CreateCase, CreateTask, ... */
  readonly type: string;
  readonly parameters: JsonObject;
}

/** `found` is what `$.Customer`, `$.Case` and their like then hold. Other kinds are the error branches' names. */
export type LookUpAnswer =
  | { readonly kind: "found"; readonly found: JsonObject; readonly tookMs: number }
  | { readonly kind: "error"; readonly errorType: string; readonly tookMs: number };

export interface ViewRequest {
  readonly contact: FlowContact;
  readonly action: string;
  readonly view: string;
  readonly actions: readonly string[];
  readonly limitMs: number;
}

export type ViewAnswer =
  | { readonly kind: "acted"; readonly action: string; readonly output: JsonObject; readonly tookMs: number }
  | { readonly kind: "silence" }
  | { readonly kind: "failed"; readonly tookMs: number };

export interface FlowHost {
  /** The published flow that an ARN, id or name means; undefined when this world has none. */
  findFlow(reference: string): FlowResource | undefined;
  findModule(reference: string): FlowResource | undefined;
  /** Undefined when there is no such queue. */
  findQueue(reference: string): FlowQueue | undefined;
  findAgentQueue(reference: string): FlowQueue | undefined;
  /** `hours`: a reference, or undefined for the hours of the working queue; undefined when there are none. */
  isOpen(hours: string | undefined, contact: FlowContact): boolean | undefined;
  queueMetrics(queue: FlowQueue, contact: FlowContact): QueueMetrics | undefined;
  isQueueFull(queue: FlowQueue, contact: FlowContact): boolean;
  /** False once the contact is on its way to an agent: it can then not be moved to another queue. */
  isInQueue(contact: FlowContact): boolean;
  /** How long the customer hears the prompt; 0 where it is only shown. */
  speechMs(prompt: Prompt, contact: FlowContact): number;
  answerMenu(request: InputRequest): InputAnswer;
  invokeLambda(request: LambdaRequest): LambdaAnswer;
  talkToBot(request: BotRequest): BotAnswer;
  dial(request: DialRequest): DialAnswer;
  lookUp(request: LookUpRequest): LookUpAnswer;
  showView(request: ViewRequest): ViewAnswer;
  /** A Wait block that also listens for the customer's return: after how long it comes, undefined when not in time. */
  customerReturnsAfterMs(contact: FlowContact, limitMs: number): number | undefined;
}
