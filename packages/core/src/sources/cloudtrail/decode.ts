import { parseInstant } from "../../instant.ts";
import type { JsonObject, JsonValue } from "../../json.ts";
import { booleanAt, isObject, objectAt, textAt } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";
import type { Decoded } from "../../rejected.ts";
import { accepted, rejected } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import type { CloudTrailWire, ScopeWire, SessionIssuerWire, UserIdentityWire } from "./wire.ts";

/** Every top-level key of event versions 1.0 to 1.11. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  "addendum",
  "additionalEventData",
  "apiVersion",
  "awsRegion",
  "edgeDeviceDetails",
  "errorCode",
  "errorMessage",
  "eventCategory",
  "eventContext",
  "eventID",
  "eventName",
  "eventSource",
  "eventTime",
  "eventType",
  "eventVersion",
  "insightDetails",
  "managementEvent",
  "readOnly",
  "recipientAccountId",
  "requestID",
  "requestParameters",
  "resources",
  "responseElements",
  "serviceEventDetails",
  "sessionCredentialFromConsole",
  "sharedEventID",
  "sourceIPAddress",
  "tlsDetails",
  "userAgent",
  "userIdentity",
  "vpcEndpointAccountId",
  "vpcEndpointId",
]);
const NO_UNKNOWN_FIELDS: CloudTrailWire["unknownFields"] = [];

/** Who or what, and where or when. Fragments without a time are recognized, so that they are rejected by name. */
export function recognizeCloudTrail(value: JsonObject): boolean {
  const { eventSource } = value;
  // S3 notifications and Lambda's Kinesis, SQS and DynamoDB records share these keys; their sources are "aws:s3", ...
  if (typeof eventSource === "string" && eventSource.startsWith("aws:")) return false;
  const isPlaced =
    value.eventTime !== undefined || value.awsRegion !== undefined || value.sourceIPAddress !== undefined;
  if (!isPlaced) return false;
  if (isObject(value.userIdentity)) return true;
  const isNamed = eventSource !== undefined || value.eventName !== undefined || value.insightDetails !== undefined;
  return isNamed && (value.eventVersion !== undefined || (eventSource !== undefined && value.eventName !== undefined));
}

/** Reasons: missing_field (`eventTime`, `eventName`), bad_time (`eventTime`), bad_type (`eventName`). */
export function decodeCloudTrail(received: ReceivedRecord): Decoded<CloudTrailWire> {
  const { value } = received;
  const time = decodeTime(received);
  if (!time.ok) return time;
  const insight = objectAt(value, "insightDetails");
  const name = decodeName(value, insight);
  if (!name.ok) return name;
  return accepted({
    eventVersion: textAt(value, "eventVersion"),
    eventTime: time.value,
    eventSource: textAt(value, "eventSource") ?? textAt(insight, "eventSource"),
    eventName: name.value,
    awsRegion: textAt(value, "awsRegion"),
    sourceIPAddress: textAt(value, "sourceIPAddress"),
    userAgent: textAt(value, "userAgent"),
    errorCode: textAt(value, "errorCode") ?? textAt(insight, "errorCode"),
    errorMessage: textAt(value, "errorMessage"),
    userIdentity: decodeUserIdentity(value),
    requestParameters: objectAt(value, "requestParameters"),
    responseElements: objectAt(value, "responseElements"),
    additionalEventData: objectAt(value, "additionalEventData"),
    requestID: textAt(value, "requestID"),
    eventID: textAt(value, "eventID"),
    eventType: textAt(value, "eventType"),
    eventCategory: textAt(value, "eventCategory"),
    apiVersion: textAt(value, "apiVersion"),
    managementEvent: booleanAt(value, "managementEvent"),
    readOnly: booleanAt(value, "readOnly"),
    recipientAccountId: textAt(value, "recipientAccountId"),
    sharedEventID: textAt(value, "sharedEventID"),
    vpcEndpointId: textAt(value, "vpcEndpointId"),
    vpcEndpointAccountId: textAt(value, "vpcEndpointAccountId"),
    sessionCredentialFromConsole: booleanAt(value, "sessionCredentialFromConsole"),
    insightDetails: insight && { insightType: textAt(insight, "insightType"), state: textAt(insight, "state") },
    unknownFields: unknownFieldsOf(value),
  });
}

function decodeTime(received: ReceivedRecord): Decoded<UnixMillis> {
  const written = received.value.eventTime;
  if (written === undefined || written === null || written === "") {
    const carried = received.carrier?.time;
    return carried === undefined ? rejected("missing_field", "eventTime") : accepted(carried);
  }
  const time = parseInstant(written);
  return time === undefined ? rejected("bad_time", `eventTime: ${describe(written)}`) : accepted(time);
}

/** Insight records carry the name of the API they are about one level down. */
function decodeName(value: JsonObject, insight: JsonObject | undefined): Decoded<string> {
  const written = value.eventName;
  if (written !== undefined && written !== null && typeof written !== "string") {
    return rejected("bad_type", `eventName: ${typeof written} instead of text`);
  }
  const name = textAt(value, "eventName") ?? textAt(insight, "eventName") ?? textAt(value, "eventType");
  return name === undefined ? rejected("missing_field", "eventName") : accepted(name);
}

function decodeUserIdentity(value: JsonObject): UserIdentityWire {
  const identity = objectAt(value, "userIdentity");
  const session = objectAt(identity, "sessionContext");
  const attributes = objectAt(session, "attributes");
  return {
    type: textAt(identity, "type"),
    principalId: textAt(identity, "principalId"),
    arn: textAt(identity, "arn"),
    accountId: textAt(identity, "accountId"),
    accessKeyId: textAt(identity, "accessKeyId"),
    userName: textAt(identity, "userName"),
    invokedBy: textAt(identity, "invokedBy"),
    sessionIssuer: decodeSessionIssuer(objectAt(session, "sessionIssuer")),
    sourceIdentity: textAt(session, "sourceIdentity"),
    mfaAuthenticated: booleanAt(attributes, "mfaAuthenticated"),
    sessionCredentialFromConsole: booleanAt(attributes, "sessionCredentialFromConsole"),
    inScopeOf: decodeScope(objectAt(identity, "inScopeOf")),
  };
}

function decodeSessionIssuer(issuer: JsonObject | undefined): SessionIssuerWire {
  return {
    type: textAt(issuer, "type"),
    principalId: textAt(issuer, "principalId"),
    arn: textAt(issuer, "arn"),
    accountId: textAt(issuer, "accountId"),
    userName: textAt(issuer, "userName"),
  };
}

function decodeScope(scope: JsonObject | undefined): ScopeWire | undefined {
  if (scope === undefined) return undefined;
  return {
    sourceArn: textAt(scope, "sourceArn"),
    issuerType: textAt(scope, "issuerType"),
    credentialsIssuedTo: textAt(scope, "credentialsIssuedTo"),
  };
}

function describe(value: JsonValue): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" ? String(value) : typeof value;
}

function unknownFieldsOf(value: JsonObject): CloudTrailWire["unknownFields"] {
  let unknown: (readonly [string, JsonValue])[] | undefined;
  for (const key in value) {
    if (KNOWN_FIELDS.has(key)) continue;
    const field = value[key];
    if (field === undefined || field === null) continue;
    unknown ??= [];
    unknown.push([key, field]);
  }
  return unknown ?? NO_UNKNOWN_FIELDS;
}
