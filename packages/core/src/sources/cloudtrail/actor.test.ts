import { expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import { identifyActor, sourceIpKindOf } from "./actor.ts";
import { decodeCloudTrail } from "./decode.ts";

const ACCOUNT = "111122223333";
const USER_ID = "78adbca8-17ff-47dd-b354-2405d9371018";
const LINKED_PATH = "aws-service-role/connect.amazonaws.com/";
const CONNECT_ROLE = "AWSServiceRoleForAmazonConnect_DwT0YgEuWX9uaWsPKbOu";

function actorOf(userIdentity: JsonObject | null | undefined, rest: JsonObject = {}) {
  const value: JsonObject = {
    eventTime: "2026-11-20T10:00:00Z",
    eventName: "UpdateUserRoutingProfile",
    userIdentity,
    ...rest,
  };
  const decoded = decodeCloudTrail({ value, body: JSON.stringify(value), carrier: undefined });
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  return identifyActor(decoded.value);
}

function session(role: string, name: string, path = ""): JsonObject {
  return {
    type: "AssumedRole",
    principalId: `AROAEXAMPLE:${name}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
    accountId: ACCOUNT,
    sessionContext: {
      sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNT}:role/${path}${role}`, userName: role },
    },
  };
}

test("the admin website acts under its service-linked role with the Connect user id as session name", () => {
  expect(actorOf(session(CONNECT_ROLE, USER_ID, LINKED_PATH), { sourceIPAddress: "connect.amazonaws.com" })).toEqual({
    actorClass: "admin_website",
    key: `arn:aws:iam::${ACCOUNT}:role/${LINKED_PATH}${CONNECT_ROLE}`,
    roleName: CONNECT_ROLE,
    sessionName: USER_ID,
    userId: USER_ID,
  });
});

test("the admin website is known by the session ARN alone", () => {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${CONNECT_ROLE}/${USER_ID}`;
  expect(actorOf({ type: "AssumedRole", arn })).toEqual({
    actorClass: "admin_website",
    key: arn,
    roleName: CONNECT_ROLE,
    sessionName: USER_ID,
    userId: USER_ID,
  });
});

test("a role that only borrows the name of Connect's linked role is not the admin website", () => {
  expect(actorOf(session(CONNECT_ROLE, USER_ID))).toMatchObject({ actorClass: "role", userId: undefined });
});

test("Connect's own use of its linked role is a service, not a person at the website", () => {
  expect(actorOf(session(CONNECT_ROLE, "connect", LINKED_PATH))).toMatchObject({
    actorClass: "service",
    userId: undefined,
  });
});

test("fetching the emergency token is emergency access, whoever fetches it", () => {
  const emergency = { eventSource: "connect.amazonaws.com", eventName: "AdminGetEmergencyAccessToken" };
  expect(actorOf(session("Admin", "ana@example.com"), emergency)).toMatchObject({
    actorClass: "emergency",
    sessionName: "ana@example.com",
  });
  expect(actorOf({ type: "Root" }, emergency).actorClass).toBe("emergency");
});

test("the synchronization of a replica is told by its service and by its role", () => {
  const service = "synchronization.connect.amazonaws.com";
  const role = "AWSServiceRoleForAmazonConnectSynchronization_11111111-2222-3333";
  expect(actorOf({ type: "AssumedRole", invokedBy: service }).actorClass).toBe("replica_sync");
  expect(actorOf({ type: "AssumedRole" }, { sourceIPAddress: service }).actorClass).toBe("replica_sync");
  expect(actorOf(session(role, "ResourceSynchronization", LINKED_PATH)).actorClass).toBe("replica_sync");
});

test.each([
  ["an outbound campaign", session("AWSServiceRoleForConnectCampaigns_abc", "campaign", LINKED_PATH), {}, "campaigns"],
  [
    "a stack, on behalf of a user",
    { type: "IAMUser", userName: "deployer", invokedBy: "cloudformation.amazonaws.com" },
    {},
    "cloudformation",
  ],
  [
    "a stack, by address",
    session("Deployer", "x"),
    { sourceIPAddress: "cloudformation.amazonaws.com" },
    "cloudformation",
  ],
  [
    "a function in scope",
    { ...session("FnRole", "fn"), inScopeOf: { issuerType: "AWS::Lambda::Function" } },
    {},
    "lambda",
  ],
  ["a function's SDK", session("FnRole", "fn"), { userAgent: "aws-sdk-js/3 exec-env/AWS_Lambda_nodejs20.x" }, "lambda"],
  ["the root user", { type: "Root", arn: `arn:aws:iam::${ACCOUNT}:root` }, {}, "root"],
  ["an IAM user", { type: "IAMUser", userName: "ana" }, {}, "human"],
  ["an Identity Center user", { type: "IdentityCenterUser" }, {}, "human"],
  ["an Identity Center session", session("AWSReservedSSO_ReadOnly_abcdef012345", "ana"), {}, "human"],
  ["a session named by e-mail", session("Deployer", "ana@example.com"), {}, "human"],
  ["a SAML user", { type: "SAMLUser", principalId: "saml:namequalifier:ana" }, {}, "human"],
  ["a federated user", { type: "FederatedUser", principalId: `${ACCOUNT}:ana` }, {}, "human"],
  ["a web identity", { type: "WebIdentityUser", principalId: "accounts.google.com:app:user" }, {}, "human"],
  ["a directory user", { type: "Directory" }, {}, "human"],
  ["a role session", session("Integration", "crm"), {}, "role"],
  ["a session with an at sign but no domain", session("Integration", "crm@prod"), {}, "role"],
  ["a session with two at signs", session("Integration", "a@b@c.d"), {}, "role"],
  ["a role", { type: "Role" }, {}, "role"],
  ["another account", { type: "AWSAccount", accountId: "444455556666" }, {}, "aws_account"],
  ["a service", { type: "AWSService", invokedBy: "s3.amazonaws.com" }, {}, "service"],
  [
    "another service's linked role",
    session("AWSServiceRoleForRDS", "x", "aws-service-role/rds.amazonaws.com/"),
    {},
    "service",
  ],
  ["a service event without a type", {}, { eventType: "AwsServiceEvent" }, "service"],
  [
    "a typeless identity at a service's address",
    { accountId: ACCOUNT },
    { sourceIPAddress: "secretsmanager.amazonaws.com" },
    "service",
  ],
  ["a type of the future", { type: "Robot" }, {}, "unknown"],
  ["an unknown user", { type: "Unknown" }, {}, "unknown"],
  ["no identity", null, { sourceIPAddress: "192.0.2.1" }, "unknown"],
] satisfies readonly (readonly [string, JsonObject | null, JsonObject, string])[])(
  "%s",
  (_, identity, rest, expected) => {
    expect(actorOf(identity, rest).actorClass).toBe(expected);
  },
);

test("a session without a name in the ARN has a role and no session", () => {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/John`;
  expect(actorOf({ type: "AssumedRole", principalId: "AAAAAAA1111111EXAMPLE", arn })).toMatchObject({
    roleName: "John",
    sessionName: undefined,
    key: arn,
  });
});

test("the user who issued a federated session is not called a role", () => {
  const sessionIssuer = { type: "IAMUser", arn: `arn:aws:iam::${ACCOUNT}:user/issuer`, userName: "issuer" };
  expect(actorOf({ type: "FederatedUser", principalId: `${ACCOUNT}:ana`, sessionContext: { sessionIssuer } })).toEqual({
    actorClass: "human",
    key: `arn:aws:iam::${ACCOUNT}:user/issuer`,
    roleName: undefined,
    sessionName: "ana",
    userId: undefined,
  });
});

test("the key falls back from issuer to ARN, service, principal id and account", () => {
  const all = { arn: "arn", invokedBy: "service", principalId: "principal", accountId: ACCOUNT };
  expect(actorOf({ ...all, sessionContext: { sessionIssuer: { arn: "issuer" } } }).key).toBe("issuer");
  expect(actorOf({ ...all, sessionContext: { sessionIssuer: {} } }).key).toBe("arn");
  expect(actorOf({ ...all, arn: null }).key).toBe("service");
  expect(actorOf({ principalId: "principal", accountId: ACCOUNT }).key).toBe("principal");
  expect(actorOf({ accountId: ACCOUNT }).key).toBe(ACCOUNT);
});

test.each([
  ["192.0.2.1", "ip"],
  ["2001:db8::1", "ip"],
  ["::ffff:192.0.2.1", "ip"],
  ["connect.amazonaws.com", "service"],
  ["AWS Internal", "internal"],
  ["AWS Internal/3", "internal"],
  ["HIDDEN_DUE_TO_SECURITY_REASONS", undefined],
  [undefined, undefined],
])("the address %s is of kind %s", (address, kind) => {
  expect(sourceIpKindOf(address)).toBe(kind);
});
