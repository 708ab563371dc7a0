import type { JsonValue } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import type { DecodeContext, ReceivedRecord } from "../../source.ts";
import { makeRecordId } from "../../source.ts";
import { findContact } from "./contact.ts";
import { nameMessage, operationOf } from "./event-names.ts";
import type { LoggedException } from "./exception.ts";
import { readException } from "./exception.ts";
import { instanceIn } from "./instance.ts";
import { severityOfLevel } from "./levels.ts";
import type { SoftphoneText } from "./softphone-text.ts";
import { namespaceOf, readSoftphoneText } from "./softphone-text.ts";
import type { CcpLogWire } from "./wire.ts";

/** Makes the row; cannot fail. `context.memory` should be a `SoftphoneCalls`; without one, open calls are not known. */
export function normalizeCcpLog(wire: CcpLogWire, received: ReceivedRecord, context: DecodeContext): SourceRecord {
  const { carrier } = received;
  const text = readSoftphoneText(wire.text);
  const { name, isMediaLoss } = nameMessage(text.message);
  const isSoftphone = isSoftphoneEntry(wire, text);
  const contact = findContact(wire, text, { eventName: name, isSoftphone, memory: context.memory });
  const level = severityOfLevel(wire.level);
  const exception = readException(wire.exception);
  const instance = instanceIn(received.body);
  return {
    record_id: makeRecordId({
      source: "ccp_log",
      identity: identityOf(wire),
      eventTime: wire.time,
      digest: context.digest,
    }),
    source: "ccp_log",
    instance_id: instance.instanceId,
    account_id: instance.accountId ?? carrier?.accountId,
    region: instance.region ?? carrier?.region,
    event_name: name,
    event_time: wire.time,
    observed_time: context.observedTime,
    severity_number: isMediaLoss ? Math.max(level, SEVERITY.warn) : level,
    severity_text: wire.level,
    contact_id: contact.id,
    agent_id: wire.agentResourceId,
    agent_username: wire.agent,
    flow_id: undefined,
    session_id: wire.loggerId,
    message: oneLine(text.message),
    attributes: attributesOf(wire.objects, exception),
    original_id: undefined,
    original_body: received.body,
    component: wire.component,
    inferred_component: isSoftphone ? "softphone" : wire.component,
    context_layer: wire.contextLayer,
    category: text.category,
    namespace: namespaceOf(text),
    tab_id: wire.tabId,
    line: wire.line,
    contact_id_source: contact.source,
    operation: operationOf(text.message, name),
    exception_type: exception.type,
    exception_message: exception.message,
    is_internal: wire.internal,
    group_id: carrier?.origin,
  };
}

/**
 * A copy that CCP forwards to the embedding page has another `component`, `line`, `tabId` and agent, so the identity
 * is what all copies share (README, "Identity").
 */
function identityOf(wire: CcpLogWire): string {
  return `${wire.loggerId ?? ""}\n${wire.time}\n${wire.level ?? ""}\n${wire.text}`;
}

/** Streams' softphone logger starts every text with a space; connect-rtc-js names its part. Both survive forwarding. */
function isSoftphoneEntry(wire: CcpLogWire, text: SoftphoneText): boolean {
  return wire.component === "softphone" || text.category !== undefined || wire.text.charCodeAt(0) === 0x20;
}

/** Session descriptions (SDP) are logged over many lines. */
function oneLine(message: string): string {
  return message.includes("\n") ? message.replaceAll(/\s*\n\s*/g, " ") : message;
}

function attributesOf(objects: JsonValue | undefined, exception: LoggedException): string | undefined {
  const isEmpty = objects === undefined || objects === "" || (Array.isArray(objects) && objects.length === 0);
  if (exception.rest === undefined) return isEmpty ? undefined : JSON.stringify({ objects });
  return JSON.stringify(isEmpty ? { exception: exception.rest } : { objects, exception: exception.rest });
}
