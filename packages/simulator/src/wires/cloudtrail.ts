import { unixMillis } from "@fourwire/core";
import type { Stage } from "../stage.ts";
import { BASE32, type Random } from "../prng.ts";
import { wholeSecond } from "../contact.ts";
import type { Origin } from "../emission.ts";
import { homeOrigin } from "../region.ts";
import { eventSourceOf, REDACTED_RESPONSES } from "./api-redaction.ts";

/** Who calls: a role's session, or a user of the account; and where it calls from. */
export interface Caller {
  readonly type: "AssumedRole" | "IAMUser";
  /** The role's or the user's name. */
  readonly role: string;
  readonly rolePath: string;
  readonly roleId: string;
  readonly session: string;
  readonly accessKeyId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** Set for a role session that runs inside a Lambda function. */
  readonly functionArn?: string;
  readonly invokedBy?: string;
}

export interface ApiCall {
  readonly name: string;
  readonly caller: Caller;
  readonly request: Readonly<Record<string, unknown>>;
  /** Null for reads without a logged response; ignored where Amazon redacts it. */
  readonly response?: object | null;
  readonly isReadOnly: boolean;
  readonly error?: { readonly code: string; readonly message?: string };
  /** A service beside Connect. */
  readonly eventSource?: string;
  /** Where it was called, if not where the instance is. */
  readonly origin?: Origin;
}

export function createCaller(
  random: Random,
  caller: Omit<Caller, "type" | "roleId" | "accessKeyId" | "rolePath"> & {
    readonly rolePath?: string;
    readonly type?: Caller["type"];
  },
): Caller {
  const type = caller.type ?? "AssumedRole";
  return {
    rolePath: "/",
    ...caller,
    type,
    roleId: `${type === "IAMUser" ? "AIDA" : "AROA"}${random.token(BASE32, 17)}`,
    accessKeyId: `${type === "IAMUser" ? "AKIA" : "ASIA"}${random.token(BASE32, 16)}`,
  };
}

/** Makes a call: the record goes out, its id comes back. */
export function callApi(stage: Stage, call: ApiCall): string {
  const eventId = stage.random.uuid();
  const origin = call.origin ?? homeOrigin(stage);
  stage.emit("cloudtrail", writeApiCall(stage, call, { eventId, origin }), { key: call.name, origin });
  return eventId;
}

/**
 * One CloudTrail record, version 1.11, at second precision.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (read 2026-11-20)
 */
function writeApiCall(stage: Stage, call: ApiCall, { eventId, origin }: { eventId: string; origin: Origin }): string {
  const now = wholeSecond(stage.clock.now);
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: identityWire(call.caller, origin.accountId, seconds(now, -600)),
    eventTime: seconds(now, 0),
    eventSource: call.eventSource ?? eventSourceOf(call.name),
    eventName: call.name,
    awsRegion: origin.region,
    sourceIPAddress: call.caller.sourceIp,
    userAgent: call.caller.userAgent,
    errorCode: call.error?.code,
    errorMessage: call.error?.message,
    requestParameters: call.request,
    responseElements: REDACTED_RESPONSES.has(call.name) ? null : (call.response ?? null),
    requestID: stage.random.uuid(),
    eventID: eventId,
    readOnly: call.isReadOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: origin.accountId,
    eventCategory: "Management",
  });
}

function identityWire(caller: Caller, accountId: string, creationDate: string): object {
  const attributes = { creationDate, mfaAuthenticated: "false" };
  if (caller.type === "IAMUser") {
    return {
      type: "IAMUser",
      principalId: caller.roleId,
      arn: `arn:aws:iam::${accountId}:user${caller.rolePath}${caller.role}`,
      accountId,
      accessKeyId: caller.accessKeyId,
      userName: caller.role,
      sessionContext: caller.invokedBy === undefined ? undefined : { attributes },
      invokedBy: caller.invokedBy,
    };
  }
  return {
    type: "AssumedRole",
    principalId: `${caller.roleId}:${caller.session}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/${caller.role}/${caller.session}`,
    accountId,
    accessKeyId: caller.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: caller.roleId,
        arn: `arn:aws:iam::${accountId}:role${caller.rolePath}${caller.role}`,
        accountId,
        userName: caller.role,
      },
      attributes,
    },
    inScopeOf:
      caller.functionArn === undefined
        ? undefined
        : { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: caller.functionArn },
    invokedBy: caller.invokedBy,
  };
}

/** The caller as a person would name it: role and session, or the user. */
export function principalOf(caller: Caller): string {
  return caller.type === "IAMUser" ? caller.role : `${caller.role}/${caller.session}`;
}

function seconds(time: number, offsetSeconds: number): string {
  return new Date(unixMillis(time + offsetSeconds * 1000)).toISOString().replace(".000Z", "Z");
}
