import { SEVERITY } from "../../severity.ts";
import { blockName, parameterAt } from "./block-names.ts";
import type { FlowLogWire } from "./wire.ts";

/** A result can be a whole sentence of a Lambda function; a line stays readable. */
const RESULT_LIMIT = 200;

/** The parameter that tells entries of one block type apart. */
const TELLING_PARAMETER: ReadonlyMap<string, string> = new Map([
  ["SetAttributes", "Key"],
  ["SetFlowAttributes", "Key"],
  ["SetLoggingBehavior", "LoggingBehavior"],
  ["SetContactFlow", "Type"],
  ["SetEventHook", "Type"],
]);

/** One readable line: the block's designer name, then its result or the one parameter that tells entries apart. */
export function flowLogMessage(wire: FlowLogWire, severity: number): string {
  const type = wire.ContactFlowModuleType;
  if (type === "InvokeExternalResource") return lambdaMessage(wire, severity);
  const name = blockName(type, wire.Parameters);
  const detail = wire.Results ?? settingOf(wire);
  return detail === undefined || detail === "" ? name : `${name}: ${cut(detail)}`;
}

function lambdaMessage(wire: FlowLogWire, severity: number): string {
  if (severity >= SEVERITY.error) {
    const isGeneric = wire.Results === "The Lambda Function Returned An Error.";
    return isGeneric ? "Lambda returned an error" : `Lambda returned an error: ${cut(wire.Results ?? "")}`;
  }
  if (wire.Results !== undefined) return `AWS Lambda function: ${cut(wire.Results)}`;
  if (wire.ExternalResults !== undefined) return "AWS Lambda function: returned";
  const functionArn = parameterAt(wire.Parameters, "FunctionArn");
  return functionArn === undefined ? "AWS Lambda function" : `AWS Lambda function: ${functionName(functionArn)}`;
}

function settingOf(wire: FlowLogWire): string | undefined {
  const name = TELLING_PARAMETER.get(wire.ContactFlowModuleType ?? "");
  return name === undefined ? undefined : parameterAt(wire.Parameters, name);
}

function functionName(arn: string): string {
  const at = arn.indexOf(":function:");
  return at === -1 ? arn : arn.slice(at + ":function:".length);
}

function cut(text: string): string {
  return text.length <= RESULT_LIMIT ? text : `${text.slice(0, RESULT_LIMIT)}…`;
}
