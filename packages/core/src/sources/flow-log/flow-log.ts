import type { SourceDefinition } from "../../source.ts";
import { FLOW_LOG_COLUMNS } from "./columns.ts";
import { decodeFlowLog, recognizeFlowLog } from "./decode.ts";
import { normalizeFlowLog } from "./normalize.ts";
import type { FlowLogWire } from "./wire.ts";

/** What the flow did to the customer, block by block: flow log entries from CloudWatch. */
export const flowLogSource: SourceDefinition<FlowLogWire> = {
  name: "flow_log",
  columns: FLOW_LOG_COLUMNS,
  recognize: recognizeFlowLog,
  decode: decodeFlowLog,
  normalize: normalizeFlowLog,
};
