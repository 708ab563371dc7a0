import type { Stage } from "../stage.ts";
import { BASE32, type Random } from "../prng.ts";
import { wholeSecond } from "../contact.ts";
import { ACCOUNT_ID, REGION } from "../world.ts";

/** Who calls: a role session, and where it calls from. */
export interface Caller {
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
  /** Null for reads without a logged response. */
  readonly response?: object | null;
  readonly isReadOnly: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

export function createCaller(
  random: Random,
  caller: Omit<Caller, "roleId" | "accessKeyId" | "rolePath"> & { readonly rolePath?: string },
): Caller {
  return {
    rolePath: "/",
    ...caller,
    roleId: `AROA${random.token(BASE32, 17)}`,
    accessKeyId: `ASIA${random.token(BASE32, 16)}`,
  };
}

/**
 * One CloudTrail record, version 1.11, at second precision.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (read 2026-11-20)
 */
export function writeApiCall(stage: Stage, call: ApiCall): string {
  const now = wholeSecond(stage.clock.now);
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: identityWire(call.caller, seconds(now, -600)),
    eventTime: seconds(now, 0),
    eventSource: "connect.amazonaws.com",
    eventName: call.name,
    awsRegion: REGION,
    sourceIPAddress: call.caller.sourceIp,
    userAgent: call.caller.userAgent,
    errorCode: call.error?.code,
    errorMessage: call.error?.message,
    requestParameters: call.request,
    responseElements: call.response ?? null,
    requestID: stage.random.uuid(),
    eventID: stage.random.uuid(),
    readOnly: call.isReadOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT_ID,
    eventCategory: "Management",
  });
}

function identityWire(caller: Caller, creationDate: string): object {
  return {
    type: "AssumedRole",
    principalId: `${caller.roleId}:${caller.session}`,
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${caller.role}/${caller.session}`,
    accountId: ACCOUNT_ID,
    accessKeyId: caller.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: caller.roleId,
        arn: `arn:aws:iam::${ACCOUNT_ID}:role${caller.rolePath}${caller.role}`,
        accountId: ACCOUNT_ID,
        userName: caller.role,
      },
      attributes: { creationDate, mfaAuthenticated: "false" },
    },
    inScopeOf:
      caller.functionArn === undefined
        ? undefined
        : { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: caller.functionArn },
    invokedBy: caller.invokedBy,
  };
}

function seconds(time: number, offsetSeconds: number): string {
  return new Date(time + offsetSeconds * 1000).toISOString().replace(".000Z", "Z");
}
