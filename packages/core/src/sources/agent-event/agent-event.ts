import type { SourceDefinition } from "../../source.ts";
import { agentEventColumns } from "./columns.ts";
import { referAgentEvent } from "./contacts.ts";
import { decodeAgentEvent, recognizeAgentEvent } from "./decode.ts";
import { normalizeAgentEvent } from "./normalize.ts";
import type { AgentEventWire } from "./wire.ts";

/** What the agent did: Connect's agent event stream on Kinesis. */
export const agentEventSource: SourceDefinition<AgentEventWire> = {
  name: "agent_event",
  columns: agentEventColumns,
  recognize: recognizeAgentEvent,
  decode: decodeAgentEvent,
  normalize: normalizeAgentEvent,
  refer: referAgentEvent,
};
