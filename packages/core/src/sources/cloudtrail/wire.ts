import type { JsonObject, JsonValue } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";

/** Who issued the session: a role, or a user for federation. Every field may be absent (`{}` is common). */
export interface SessionIssuerWire {
  readonly type: string | undefined;
  readonly principalId: string | undefined;
  readonly arn: string | undefined;
  readonly accountId: string | undefined;
  readonly userName: string | undefined;
}

/** Names what a role session was handed to; for Lambda the function. First seen in 2026. */
export interface ScopeWire {
  readonly sourceArn: string | undefined;
  readonly issuerType: string | undefined;
  readonly credentialsIssuedTo: string | undefined;
}

/**
 * The part of `userIdentity` we read; the whole is kept as JSON beside it. `type` is open: Root, IAMUser, AssumedRole,
 * Role, FederatedUser, Directory, AWSAccount, AWSService, SAMLUser, WebIdentityUser, IdentityCenterUser, Unknown, or
 * nothing (service events of Secrets Manager).
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (read 2026-11-20)
 */
export interface UserIdentityWire {
  readonly type: string | undefined;
  /** `<role id>:<session name>` for sessions. */
  readonly principalId: string | undefined;
  readonly arn: string | undefined;
  readonly accountId: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly userName: string | undefined;
  /** The service that made the call, with its own rights or on behalf of the caller. */
  readonly invokedBy: string | undefined;
  /** All absent where there is no session. */
  readonly sessionIssuer: SessionIssuerWire;
  readonly sourceIdentity: string | undefined;
  /** The wire writes the text "true" or "false". */
  readonly mfaAuthenticated: boolean | undefined;
  readonly sessionCredentialFromConsole: boolean | undefined;
  readonly inScopeOf: ScopeWire | undefined;
}

/** What an Insight record is about: an unusual rate of calls or errors, at its start or its end. */
interface InsightWire {
  readonly insightType: string | undefined;
  readonly state: string | undefined;
}

/**
 * One CloudTrail record, event versions 1.0 to 1.11. Wire shape: Amazon's names and casing; `undefined` means absent,
 * null or empty. Parameters over 100 KB are omitted by CloudTrail, not cut.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (read 2026-11-20)
 */
export interface CloudTrailWire {
  /** "1.0" to "1.11", older files "1.02"; open. */
  readonly eventVersion: string | undefined;
  /** When the request completed, by the clock of the API host, in whole seconds. The carrier's time where absent. */
  readonly eventTime: UnixMillis;
  /** Absent in Insight records, where it is `insightDetails.eventSource`. */
  readonly eventSource: string | undefined;
  /** In Insight records `insightDetails.eventName`, else the event type. */
  readonly eventName: string;
  readonly awsRegion: string | undefined;
  /** An address, the DNS name of a service, or "AWS Internal". */
  readonly sourceIPAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  /** All absent where the record has none, as Insight records. */
  readonly userIdentity: UserIdentityWire;
  readonly requestParameters: JsonObject | undefined;
  readonly responseElements: JsonObject | undefined;
  readonly additionalEventData: JsonObject | undefined;
  readonly requestID: string | undefined;
  /** A GUID; absent in version 1.0. */
  readonly eventID: string | undefined;
  readonly eventType: string | undefined;
  readonly eventCategory: string | undefined;
  readonly apiVersion: string | undefined;
  readonly managementEvent: boolean | undefined;
  /** Not to be trusted for Connect: reads that are sent with POST arrive as `false`. */
  readonly readOnly: boolean | undefined;
  /** The account that received the record, in copies to several accounts not the one that acted. */
  readonly recipientAccountId: string | undefined;
  readonly sharedEventID: string | undefined;
  readonly vpcEndpointId: string | undefined;
  readonly vpcEndpointAccountId: string | undefined;
  readonly sessionCredentialFromConsole: boolean | undefined;
  readonly insightDetails: InsightWire | undefined;
  /** Keys that no known version has, kept for a later CloudTrail. */
  readonly unknownFields: readonly (readonly [string, JsonValue])[];
}
