import type { JsonObject, JsonValue } from "../../json.ts";
import { isObject, objectAt, textAt } from "../../json.ts";
import { parameterAt } from "../../sources/flow-log/block-names.ts";
import { resourceIdOf } from "../../arn.ts";
import type { TimelineRow } from "../timeline-row.ts";
import { jsonOf, textOf } from "../timeline-row.ts";
import type { FlowGraphBlock } from "./flow-graph.ts";
import { mayLog } from "./log-words.ts";

/**
 * Whether the block may have written the entry as the one at `step` of a visit. An entry with an identifier is of that
 * block or of none. One without (before 2024) is of any block whose word it has and whose settings its parameters do not
 * contradict; settings that are references or templates contradict nothing.
 */
export function mayHaveWritten(block: FlowGraphBlock, row: TimelineRow, step: number): boolean {
  const id = textOf(row, "block_id");
  if (id !== undefined) return id === block.block_id;
  if (!mayLog(block.action_type, row.event_name)) return false;
  const parameters = jsonOf(row, "parameters");
  if (!isObject(parameters)) return true;
  const check = CHECKS[block.action_type];
  return check === undefined || check({ block, parameters, word: row.event_name, step });
}

interface Entry {
  readonly block: FlowGraphBlock;
  readonly parameters: JsonObject;
  readonly word: string;
  readonly step: number;
}

const CHECKS: Readonly<Record<string, (entry: Entry) => boolean>> = {
  MessageParticipant: hasSameText,
  ConnectParticipantWithLexBot: (entry) => hasSameText(entry) && !("MaxDigits" in entry.parameters),
  GetParticipantInput: (entry) =>
    hasSameText(entry) &&
    (textAt(entry.block.parameters, "StoreInput") === "True") === (entry.word === "StoreUserInput") &&
    !("BotAliasArn" in entry.parameters),
  MessageParticipantIteratively: hasSameMessage,
  InvokeLambdaFunction: ({ block, parameters }) =>
    isSame(block.parameters["LambdaFunctionARN"], parameterAt(parameters, "FunctionArn")),
  UpdateContactTargetQueue: ({ block, parameters }) =>
    isSame(block.parameters["QueueId"], parameterAt(parameters, "Queue")),
  UpdateContactAttributes: hasAttribute,
  UpdateFlowAttributes: hasAttribute,
  UpdateContactEventHooks: ({ block, parameters }) => {
    const hook = parameterAt(parameters, "Type");
    const hooks = objectAt(block.parameters, "EventHooks");
    return hook === undefined || hooks === undefined || hook in hooks;
  },
  UpdateFlowLoggingBehavior: ({ block, parameters }) => {
    const written = parameterAt(parameters, "LoggingBehavior");
    const wanted = textAt(block.parameters, "FlowLoggingBehavior");
    return written === undefined || wanted === undefined || wanted.startsWith(written);
  },
  CheckMetricData: ({ block, word }) => {
    const metric = textAt(block.parameters, "MetricType");
    return metric === undefined || metric.startsWith("NumberOfAgents") === (word === "CheckStaffing");
  },
  Compare: ({ block, parameters, step }) => {
    const conditions = block.branches.filter(({ kind }) => kind === "condition");
    const tested = conditions[step];
    return tested !== undefined && isSame(tested.operands.join(", "), parameterAt(parameters, "SecondValue"));
  },
  TransferToFlow: ({ block, parameters }) =>
    parameterAt(parameters, "PhoneNumber") === undefined &&
    isSame(block.parameters["ContactFlowId"], parameterAt(parameters, "ContactFlowId")),
  TransferContactToQueue: isQueueTransfer,
  DequeueContactAndTransferToQueue: isQueueTransfer,
  TransferParticipantToThirdParty: ({ parameters }) => parameterAt(parameters, "ContactFlowId") === undefined,
};

function isQueueTransfer({ parameters }: Entry): boolean {
  return parameterAt(parameters, "ContactFlowId") === undefined && parameterAt(parameters, "PhoneNumber") === undefined;
}

function hasSameText({ block, parameters }: Entry): boolean {
  return isSame(block.parameters["Text"], parameterAt(parameters, "Text"));
}

/** Of each prompt of a loop one entry, and an empty one behind them. */
function hasSameMessage({ block, parameters }: Entry): boolean {
  const text = parameterAt(parameters, "Text");
  const messages = block.parameters["Messages"];
  if (text === undefined || !Array.isArray(messages)) return true;
  return messages.some((message) => isObject(message) && isSame(message["Text"], text));
}

function hasAttribute({ block, parameters }: Entry): boolean {
  const attributes = objectAt(block.parameters, "Attributes") ?? objectAt(block.parameters, "FlowAttributes");
  const key = parameterAt(parameters, "Key");
  if (attributes === undefined || key === undefined) return true;
  if (!Object.keys(attributes).every(isWrittenOut)) return true;
  const wanted = attributes[key];
  if (wanted === undefined) return false;
  const value = isObject(wanted) ? wanted["Value"] : wanted;
  return isSame(value, parameterAt(parameters, "Value"));
}

/** Whether a setting may stand as that text in a log; ARNs of one resource are the same, with or without a version. */
function isSame(setting: JsonValue | undefined, logged: string | undefined): boolean {
  if (typeof setting !== "string" || logged === undefined || !isWrittenOut(setting)) return true;
  return setting === logged || (setting.startsWith("arn:") && resourceIdOf(setting) === resourceIdOf(logged));
}

/** Not a reference (`$.Attributes.x`), nor a template of a project (`{{name}}`, `${Name}`). */
function isWrittenOut(setting: string): boolean {
  return !/\$\.|\{\{|\$\{/.test(setting);
}
