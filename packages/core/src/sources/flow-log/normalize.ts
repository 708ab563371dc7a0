import type { ConnectArn } from "../../arn.ts";
import { parseConnectArn, resourceIdOf } from "../../arn.ts";
import type { JsonValue } from "../../json.ts";
import { arrayAt, isObject, jsonText } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import type { DecodeContext, ReceivedRecord } from "../../source.ts";
import { makeRecordId } from "../../source.ts";
import { parameterAt } from "./block-names.ts";
import { severityOfResults } from "./failures.ts";
import { flowLogMessage } from "./message.ts";
import type { FlowLogWire } from "./wire.ts";

/** Makes the row; cannot fail. */
export function normalizeFlowLog(wire: FlowLogWire, received: ReceivedRecord, context: DecodeContext): SourceRecord {
  const { carrier } = received;
  const flow = parseConnectArn(wire.ContactFlowId);
  const severity = severityOfResults(wire.ContactFlowModuleType, wire.Results);
  const parameters = jsonText(wire.Parameters);
  return {
    record_id: makeRecordId({
      source: "flow_log",
      identity: identityOf(received),
      eventTime: wire.Timestamp,
      digest: context.digest,
    }),
    source: "flow_log",
    instance_id: flow?.instanceId,
    account_id: flow?.accountId ?? carrier?.accountId,
    region: flow?.region ?? carrier?.region,
    event_name: wire.ContactFlowModuleType ?? "unknown",
    event_time: wire.Timestamp,
    observed_time: context.observedTime,
    severity_number: severity,
    severity_text: undefined,
    contact_id: wire.ContactId,
    agent_id: undefined,
    agent_username: undefined,
    flow_id: flow === undefined ? bareFlowId(wire.ContactFlowId) : flow.resourceId,
    session_id: undefined,
    message: flowLogMessage(wire, severity),
    attributes: attributesOf(wire),
    original_id: carrierIdOf(received),
    original_body: received.body,
    flow_arn: wire.ContactFlowId,
    flow_name: wire.ContactFlowName,
    flow_kind: flowKind(flow),
    block_id: wire.Identifier,
    block_type: wire.ContactFlowModuleType,
    parameters,
    results: wire.Results,
    external_results: jsonText(wire.ExternalResults),
    result_data: jsonText(wire.ResultData),
    module_stack: jsonText(wire.ModuleExecutionStack),
    lambda_arn: parameterAtBlock(wire, "InvokeExternalResource", "FunctionArn"),
    queue_id: queueIdOf(wire),
    is_error: severity >= SEVERITY.error,
    is_exit: parameters === undefined && hasResult(wire),
    log_group: carrier?.origin,
  };
}

function carrierIdOf(received: ReceivedRecord): string | undefined {
  const id = received.carrier?.id;
  return id === "" ? undefined : id;
}

/**
 * CloudWatch's event id where there is one: a flow may log the same block twice in one millisecond with the same
 * content, and at-least-once delivery repeats the id. Without a carrier, the content (README, "Identity").
 */
function identityOf(received: ReceivedRecord): string {
  return carrierIdOf(received) ?? (isCompact(received.body) ? received.body : JSON.stringify(received.value));
}

/** Written as Connect writes, without white space between tokens; otherwise it was pretty-printed on its way. */
function isCompact(body: string): boolean {
  return body.charCodeAt(1) === 0x22 && !body.includes('": ');
}

function bareFlowId(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith("arn")) return undefined;
  const colon = text.indexOf(":");
  return colon === -1 ? text : text.slice(0, colon);
}

function flowKind(flow: ConnectArn | undefined): "flow" | "module" | undefined {
  if (flow?.resourceType === "contact-flow") return "flow";
  return flow?.resourceType === "flow-module" ? "module" : undefined;
}

function parameterAtBlock(wire: FlowLogWire, blockType: string, name: string): string | undefined {
  return wire.ContactFlowModuleType === blockType ? parameterAt(wire.Parameters, name) : undefined;
}

function queueIdOf(wire: FlowLogWire): string | undefined {
  if (wire.ContactFlowModuleType !== "SetQueue") return undefined;
  const queue = parameterAt(wire.Parameters, "Queue") ?? firstEventQueue(wire.Events);
  return resourceIdOf(queue);
}

function firstEventQueue(events: JsonValue | undefined): string | undefined {
  if (!isObject(events)) return undefined;
  const queue = arrayAt(events, "Queue")[0] ?? arrayAt(events, "queue")[0];
  return typeof queue === "string" ? queue : undefined;
}

function hasResult(wire: FlowLogWire): boolean {
  return wire.Results !== undefined || wire.ExternalResults !== undefined || wire.ResultData !== undefined;
}

/** The 2017 form's `Events`, and keys that no known form has. */
function attributesOf(wire: FlowLogWire): string | undefined {
  if (wire.Events === undefined && wire.unknownFields.length === 0) return undefined;
  // fromEntries defines own properties, so a field called `__proto__` stays a field.
  const fields = Object.fromEntries(wire.unknownFields);
  return jsonText(wire.Events === undefined ? fields : { Events: wire.Events, ...fields });
}
