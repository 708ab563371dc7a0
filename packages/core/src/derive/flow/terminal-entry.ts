import type { FlowOutcome } from "./flow-run.ts";
import { parameterAt } from "../../sources/flow-log/block-names.ts";
import type { TimelineRow } from "../timeline-row.ts";
import { isTrue, jsonOf, textOf } from "../timeline-row.ts";

/**
 * How an entry says that its flow is over; undefined where it goes on. Amazon's outcomes of a flow, in our words.
 * https://docs.aws.amazon.com/connect/latest/adminguide/flows-metrics.html (read 2026-11-25)
 */
export function terminalOutcome(row: TimelineRow): FlowOutcome | undefined {
  switch (row.event_name) {
    case "Disconnect":
      return "disconnected";
    case "Resume":
      return "ended";
    case "ReturnFromFlowModule":
      return "returned";
    case "Transfer":
    case "Dial":
      return transferOutcome(row);
    default:
      return undefined;
  }
}

export function isTerminalEntry(row: TimelineRow): boolean {
  return terminalOutcome(row) !== undefined;
}

function transferOutcome(row: TimelineRow): FlowOutcome | undefined {
  // "true" says that the queue is full
  if (isTrue(row, "is_error") || textOf(row, "results") === "true") return undefined;
  const parameters = jsonOf(row, "parameters");
  if (parameterAt(parameters, "ContactFlowId") !== undefined) return "transferred_to_flow";
  if (parameterAt(parameters, "PhoneNumber") !== undefined || row.event_name === "Dial") return "transferred_to_phone";
  if (parameterAt(parameters, "Agent") !== undefined) return "transferred_to_agent";
  return "transferred_to_queue";
}
