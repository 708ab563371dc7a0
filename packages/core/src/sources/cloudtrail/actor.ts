import type { CloudTrailWire, UserIdentityWire } from "./wire.ts";

/** What kind of thing acted; the rules are in README.md, in the order they are tried. */
type ActorClass =
  | "root"
  | "human"
  | "role"
  | "service"
  | "admin_website"
  | "emergency"
  | "replica_sync"
  | "campaigns"
  | "cloudformation"
  | "lambda"
  | "aws_account"
  | "unknown";

export interface Actor {
  readonly actorClass: ActorClass;
  /** The key worth pivoting on: the role rather than one of its sessions. */
  readonly key: string | undefined;
  /** Name of the role of a session. */
  readonly roleName: string | undefined;
  readonly sessionName: string | undefined;
  /** The Connect user who acted in the admin website. */
  readonly userId: string | undefined;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Service-linked roles, by prefix; the suffix names the instance. */
const ADMIN_WEBSITE_ROLE = "AWSServiceRoleForAmazonConnect_";
const REPLICA_SYNC_ROLE = "AWSServiceRoleForAmazonConnectSynchronization_";
const CAMPAIGNS_ROLE = "AWSServiceRoleForConnectCampaigns";
const SERVICE_LINKED_ROLE = "AWSServiceRoleFor";
const IDENTITY_CENTER_ROLE = "AWSReservedSSO_";

const REPLICA_SYNC_SERVICE = "synchronization.connect.amazonaws.com";
const CLOUDFORMATION_SERVICE = "cloudformation.amazonaws.com";

/** Types whose principalId is `<id>:<session name>`; a web identity's has colons of its own. */
const SESSION_TYPES: ReadonlySet<string> = new Set(["AssumedRole", "Role", "FederatedUser", "AWSAccount"]);
const HUMAN_TYPES: ReadonlySet<string> = new Set([
  "IAMUser",
  "IdentityCenterUser",
  "SAMLUser",
  "FederatedUser",
  "Directory",
  "WebIdentityUser",
]);

export function identifyActor(wire: CloudTrailWire): Actor {
  const identity = wire.userIdentity;
  const roleName = roleNameOf(identity);
  const sessionName = sessionNameOf(identity);
  const actorClass = classify(wire, roleName, sessionName);
  return {
    actorClass,
    key: identity.sessionIssuer.arn ?? identity.arn ?? identity.invokedBy ?? identity.principalId ?? identity.accountId,
    roleName,
    sessionName,
    userId: actorClass === "admin_website" ? sessionName : undefined,
  };
}

function classify(wire: CloudTrailWire, roleName: string | undefined, sessionName: string | undefined): ActorClass {
  // What follows in the emergency session itself looks like any other admin website change: the session name is a
  // UUID that DescribeUser does not find, which one record cannot tell.
  if (wire.eventName === "AdminGetEmergencyAccessToken") return "emergency";
  if (wire.userIdentity.type === "Root") return "root";
  return (
    classifyByRole(wire, roleName, sessionName) ?? classifyByCaller(wire) ?? classifyByType(wire, roleName, sessionName)
  );
}

function classifyByRole(wire: CloudTrailWire, roleName = "", sessionName = ""): ActorClass | undefined {
  if (!isServiceLinked(wire, roleName)) return undefined;
  if (roleName.startsWith(REPLICA_SYNC_ROLE)) return "replica_sync";
  if (roleName.startsWith(CAMPAIGNS_ROLE)) return "campaigns";
  return roleName.startsWith(ADMIN_WEBSITE_ROLE) && UUID.test(sessionName) ? "admin_website" : undefined;
}

/** By name, and by path where it is written: anyone may name a role AWSServiceRoleFor..., only AWS can put it on this path. */
function isServiceLinked(wire: CloudTrailWire, roleName: string): boolean {
  if (!roleName.startsWith(SERVICE_LINKED_ROLE)) return false;
  const issuerArn = wire.userIdentity.sessionIssuer.arn;
  return issuerArn === undefined || issuerArn.includes(":role/aws-service-role/");
}

function classifyByCaller(wire: CloudTrailWire): ActorClass | undefined {
  const identity = wire.userIdentity;
  if (isCalledBy(REPLICA_SYNC_SERVICE, wire)) return "replica_sync";
  if (isCalledBy(CLOUDFORMATION_SERVICE, wire)) return "cloudformation";
  if (identity.inScopeOf?.issuerType === "AWS::Lambda::Function") return "lambda";
  // Where inScopeOf is missing (all records before 2026 we have seen), the function shows only in the SDK's user agent,
  // a claim of the caller.
  const isLambdaSdk = identity.type === "AssumedRole" && wire.userAgent?.includes("exec-env/AWS_Lambda_") === true;
  return isLambdaSdk ? "lambda" : undefined;
}

function isCalledBy(service: string, wire: CloudTrailWire): boolean {
  return wire.userIdentity.invokedBy === service || wire.sourceIPAddress === service;
}

function classifyByType(wire: CloudTrailWire, roleName = "", sessionName = ""): ActorClass {
  const { type } = wire.userIdentity;
  if (type === "AWSService" || isServiceLinked(wire, roleName)) return "service";
  if (type === "AWSAccount") return "aws_account";
  if (type === undefined) return isServiceCall(wire) ? "service" : "unknown";
  if (HUMAN_TYPES.has(type)) return "human";
  if (type !== "AssumedRole" && type !== "Role") return "unknown";
  return isPerson(roleName, sessionName) ? "human" : "role";
}

function isPerson(roleName: string, sessionName: string): boolean {
  return roleName.startsWith(IDENTITY_CENTER_ROLE) || isEmail(sessionName);
}

// Not one regular expression: on a hostile name its backtracking would be quadratic.
function isEmail(name: string): boolean {
  const at = name.indexOf("@");
  return at > 0 && name.indexOf(".", at) > at + 1 && !name.endsWith(".") && !/[@\s]/.test(name.slice(at + 1));
}

/** Service events of Secrets Manager and others have a userIdentity without a type. */
function isServiceCall(wire: CloudTrailWire): boolean {
  const isFromService = wire.userIdentity.invokedBy !== undefined || sourceIpKindOf(wire.sourceIPAddress) === "service";
  return isFromService || wire.eventType === "AwsServiceEvent";
}

function roleNameOf(identity: UserIdentityWire): string | undefined {
  const issuer = identity.sessionIssuer;
  // of a federated user the issuer is a user, not a role
  if (issuer.type !== undefined && issuer.type !== "Role") return undefined;
  if (issuer.userName !== undefined) return issuer.userName;
  if (issuer.arn?.includes(":role/") === true) return issuer.arn.slice(issuer.arn.lastIndexOf("/") + 1);
  return assumedRoleOf(identity.arn)[0];
}

function sessionNameOf(identity: UserIdentityWire): string | undefined {
  const { type, principalId } = identity;
  if (principalId !== undefined && (type === undefined || SESSION_TYPES.has(type))) {
    const colon = principalId.indexOf(":");
    if (colon !== -1) return principalId.slice(colon + 1);
  }
  return assumedRoleOf(identity.arn)[1];
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>` -> role and session; the guide prints one without a session. */
function assumedRoleOf(arn: string | undefined): readonly (string | undefined)[] {
  const marker = ":assumed-role/";
  const start = arn?.indexOf(marker) ?? -1;
  return arn === undefined || start === -1 ? [] : arn.slice(start + marker.length).split("/", 2);
}

export type SourceIpKind = "ip" | "service" | "internal";

const DNS_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** `sourceIPAddress` holds an address, a service's DNS name, or "AWS Internal" (also "AWS Internal/3"). */
export function sourceIpKindOf(address: string | undefined): SourceIpKind | undefined {
  if (address === undefined) return undefined;
  if (/^[0-9.]+$/.test(address) || (address.includes(":") && /^[0-9a-f:.]+$/i.test(address))) return "ip";
  if (address.startsWith("AWS Internal")) return "internal";
  return DNS_NAME.test(address) ? "service" : undefined;
}
