import type { FlowDefinition } from "./flow-definition.ts";

export type FlowKind =
  | "inbound"
  | "customer_queue"
  | "customer_hold"
  | "agent_hold"
  | "customer_whisper"
  | "agent_whisper"
  | "outbound_whisper"
  | "transfer_to_agent"
  | "transfer_to_queue"
  | "disconnect"
  | "module";

/** A published flow or module: what log entries call it, and what it does. */
export interface FlowResource {
  readonly arn: string;
  /** `ContactFlowName`, the name at run time. */
  readonly name: string;
  readonly kind: FlowKind;
  readonly definition: FlowDefinition;
}
