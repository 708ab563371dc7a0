import type { JsonObject } from "../../json.ts";
import { jsonText, textAt } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import type { DecodeContext, ReceivedRecord } from "../../source.ts";
import { makeRecordId } from "../../source.ts";
import { identifyActor, sourceIpKindOf } from "./actor.ts";
import { findConnectResources } from "./connect-resource.ts";
import { isAtLeastVersion1 } from "./event-version.ts";
import { cloudTrailMessage, isFailed } from "./message.ts";
import { findOperation } from "./operations.ts";
import type { CloudTrailWire, ScopeWire } from "./wire.ts";

// One literal of all 67 columns: spreading one of the common columns into it puts the row into V8's dictionary mode, which
// made this 13 times slower (measured 2026-11-21, Node 20).
/** Makes the row; cannot fail. */
// oxlint-disable-next-line max-lines-per-function -- a line per column
export function normalizeCloudTrail(
  wire: CloudTrailWire,
  received: ReceivedRecord,
  context: DecodeContext,
): SourceRecord {
  const { value } = received;
  const identity = wire.userIdentity;
  const actor = identifyActor(wire);
  const operation = findOperation(wire.eventSource, wire.eventName, wire.readOnly);
  const isWrite = operation.isWrite && wire.insightDetails === undefined;
  const touched = findConnectResources(wire, operation.resourceType);
  return {
    record_id: idOf(received, wire, context),
    source: "cloudtrail",
    instance_id: touched.instanceId,
    account_id: wire.recipientAccountId ?? received.carrier?.accountId ?? identity.accountId,
    region: wire.awsRegion ?? received.carrier?.region,
    event_name: wire.eventName,
    event_time: wire.eventTime,
    observed_time: context.observedTime,
    severity_number: severityOf(wire, isWrite),
    severity_text: undefined,
    contact_id: touched.contactId,
    agent_id: touched.agentId,
    agent_username: touched.agentUsername,
    flow_id: touched.flowId,
    session_id: actor.sessionName,
    message: cloudTrailMessage(wire, actor),
    attributes: attributesOf(wire),
    original_id: wire.eventID,
    original_body: received.body,
    event_source: wire.eventSource,
    event_version: wire.eventVersion,
    event_type: wire.eventType,
    event_category: wire.eventCategory,
    is_write: isWrite,
    is_known_operation: operation.isKnown,
    read_only: wire.readOnly,
    error_code: wire.errorCode,
    error_message: wire.errorMessage,
    source_ip: wire.sourceIPAddress,
    source_ip_kind: sourceIpKindOf(wire.sourceIPAddress),
    user_agent: wire.userAgent,
    principal_type: identity.type,
    principal_id: identity.principalId,
    principal_arn: identity.arn,
    issuer_arn: identity.sessionIssuer.arn,
    session_name: actor.sessionName,
    access_key_id: identity.accessKeyId,
    invoked_by: identity.invokedBy,
    actor: actor.key,
    actor_class: actor.actorClass,
    actor_user_id: actor.userId,
    is_mfa: isMfa(wire),
    source_identity: identity.sourceIdentity,
    in_scope_arn: scopeArnOf(identity.inScopeOf),
    resource_type: touched.resourceType,
    resource_id: touched.resourceId,
    queue_id: touched.queueId,
    routing_profile_id: touched.routingProfileId,
    user_identity: jsonText(value.userIdentity),
    request_parameters: jsonText(value.requestParameters),
    response_elements: jsonText(value.responseElements),
    additional_event_data: jsonText(value.additionalEventData),
    resources: jsonText(value.resources),
    service_event_details: jsonText(value.serviceEventDetails),
    tls_details: jsonText(value.tlsDetails),
    addendum: jsonText(value.addendum),
    insight_details: jsonText(value.insightDetails),
    event_context: jsonText(value.eventContext),
    edge_device_details: jsonText(value.edgeDeviceDetails),
    request_id: wire.requestID,
    shared_event_id: wire.sharedEventID,
    api_version: wire.apiVersion,
    is_management_event: wire.managementEvent,
    is_console_session: isConsoleSession(wire),
    vpc_endpoint_id: wire.vpcEndpointId,
    vpc_endpoint_account_id: wire.vpcEndpointAccountId,
    recipient_account_id: wire.recipientAccountId,
  };
}

function idOf(received: ReceivedRecord, wire: CloudTrailWire, context: DecodeContext): string {
  return makeRecordId({
    source: "cloudtrail",
    identity: identityOf(wire, received.value),
    eventTime: wire.eventTime,
    digest: context.digest,
  });
}

/**
 * The record's GUID in the account that received it: copies of one action in other accounts have GUIDs of their own,
 * and are kept. Version 1.0 has no GUID, so its content decides, whatever white space it travelled with.
 */
function identityOf(wire: CloudTrailWire, value: JsonObject): string {
  if (wire.eventID === undefined) return JSON.stringify(value);
  return `${wire.recipientAccountId ?? wire.userIdentity.accountId ?? ""}/${wire.eventID}`;
}

function severityOf(wire: CloudTrailWire, isWrite: boolean): number {
  if (isFailed(wire)) return SEVERITY.warn;
  return isWrite ? SEVERITY.notice : SEVERITY.info;
}

/** Console sign-ins say it in `MFAUsed`, as "Yes", "No" or "YES". */
function isMfa(wire: CloudTrailWire): boolean | undefined {
  const session = wire.userIdentity.mfaAuthenticated;
  if (session !== undefined) return session;
  const used = textAt(wire.additionalEventData, "MFAUsed");
  return used === undefined ? undefined : used.toLowerCase() === "yes";
}

/** The field is written only when true, and only since version 1.08: before that its absence says nothing. */
function isConsoleSession(wire: CloudTrailWire): boolean | undefined {
  const written = wire.sessionCredentialFromConsole ?? wire.userIdentity.sessionCredentialFromConsole;
  return written ?? (isAtLeastVersion1(wire.eventVersion, 8) ? false : undefined);
}

/** The function where one is named: records differ in which of the two fields holds it. */
function scopeArnOf(scope: ScopeWire | undefined): string | undefined {
  if (scope === undefined) return undefined;
  const { credentialsIssuedTo, sourceArn } = scope;
  if (sourceArn?.includes(":function:") === true) return sourceArn;
  return credentialsIssuedTo ?? sourceArn;
}

/** Fields that no known version has. */
function attributesOf(wire: CloudTrailWire): string | undefined {
  if (wire.unknownFields.length === 0) return undefined;
  // fromEntries defines own properties, so a field called `__proto__` stays a field
  return jsonText(Object.fromEntries(wire.unknownFields));
}
