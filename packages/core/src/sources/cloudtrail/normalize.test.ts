import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMON_COLUMNS } from "../../column.ts";
import { parseInstant, unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { Carrier } from "../../source.ts";
import { cloudtrailSource } from "./cloudtrail.ts";

const OBSERVED = unixMillis(1_800_000_000_000);
const INSTANCE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

const WRITE: JsonObject = {
  eventVersion: "1.11",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROAEXAMPLE:ana@example.com",
    arn: "arn:aws:sts::111122223333:assumed-role/Deployer/ana@example.com",
    accountId: "111122223333",
    sessionContext: {
      sessionIssuer: { type: "Role", arn: "arn:aws:iam::111122223333:role/Deployer", userName: "Deployer" },
    },
  },
  eventTime: "2026-11-20T10:00:00Z",
  eventSource: "connect.amazonaws.com",
  eventName: "UpdateContactFlowContent",
  awsRegion: "eu-west-2",
  requestParameters: { InstanceId: INSTANCE, ContactFlowId: "flow-1", Content: "***" },
  eventID: "event-1",
  recipientAccountId: "111122223333",
};

interface Delivery {
  readonly body?: string;
  readonly carrier?: Carrier;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function rowOf(value: JsonObject, { body = JSON.stringify(value), carrier }: Delivery = {}) {
  const received = { value, body, carrier };
  const decoded = cloudtrailSource.decode(received);
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  return cloudtrailSource.normalize(decoded.value, received, { digest, observedTime: OBSERVED, memory: undefined });
}

function fixture(name: string, index = 0): JsonObject {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")).Records[index];
}

function idOf(change: JsonObject, delivery?: Delivery): string {
  return rowOf({ ...WRITE, ...change }, delivery).record_id;
}

test("the record of Amazon's guide becomes this row", () => {
  const value = fixture("docs_GetContactAttributes");
  expect(rowOf(value)).toEqual({
    record_id: "0MnK0W3O-HJwXWTuat0pChBB",
    source: "cloudtrail",
    instance_id: "00fbeee1-123e-111e-93e3-11111bfbfcc1",
    account_id: "123456789012",
    region: "us-west-2",
    event_name: "GetContactAttributes",
    event_time: Date.UTC(2019, 7, 15, 6, 40, 55),
    observed_time: OBSERVED,
    severity_number: 9,
    severity_text: undefined,
    contact_id: "00fbeee1-123e-111e-93e3-11111bfbfcc1",
    agent_id: undefined,
    agent_username: undefined,
    flow_id: undefined,
    session_id: undefined,
    message: "GetContactAttributes by role John",
    attributes: undefined,
    original_id: "00fbeee1-123e-111e-93e3-11111bfbfcc1",
    original_body: JSON.stringify(value),
    event_source: "connect.amazonaws.com",
    event_version: "1.05",
    event_type: "AwsApiCall",
    event_category: undefined,
    is_write: false,
    is_known_operation: true,
    read_only: true,
    error_code: undefined,
    error_message: undefined,
    source_ip: "205.251.233.179",
    source_ip_kind: "ip",
    user_agent: value.userAgent,
    principal_type: "AssumedRole",
    principal_id: "AAAAAAA1111111EXAMPLE",
    principal_arn: "arn:aws:sts::123456789012:assumed-role/John",
    issuer_arn: "arn:aws:iam::123456789012:role/John",
    session_name: undefined,
    access_key_id: "AAAAAAA1111111EXAMPLE",
    invoked_by: undefined,
    actor: "arn:aws:iam::123456789012:role/John",
    actor_class: "role",
    actor_user_id: undefined,
    is_mfa: false,
    source_identity: undefined,
    in_scope_arn: undefined,
    resource_type: "contact",
    resource_id: "00fbeee1-123e-111e-93e3-11111bfbfcc1",
    queue_id: undefined,
    routing_profile_id: undefined,
    user_identity: JSON.stringify(value.userIdentity),
    request_parameters: JSON.stringify(value.requestParameters),
    response_elements: undefined,
    additional_event_data: undefined,
    resources: undefined,
    service_event_details: undefined,
    tls_details: undefined,
    addendum: undefined,
    insight_details: undefined,
    event_context: undefined,
    edge_device_details: undefined,
    request_id: "be1bee1d-1111-11e1-1eD1-0dc1111f1ac1c",
    shared_event_id: undefined,
    api_version: undefined,
    is_management_event: undefined,
    is_console_session: undefined,
    vpc_endpoint_id: undefined,
    vpc_endpoint_account_id: undefined,
    recipient_account_id: "123456789012",
  });
});

test("every row has exactly the common and the declared columns, in their order", () => {
  const written = new Set(["ingested_time", "schema_version"]);
  const common = COMMON_COLUMNS.map(({ name }) => name).filter((name) => !written.has(name));
  const expected = [...common, ...cloudtrailSource.columns.map(({ name }) => name)];
  const names = readdirSync(new URL("fixtures/", import.meta.url)).filter((name) =>
    /^(umccr|docs)_.*\.json$/.test(name),
  );
  expect(names.length).toBeGreaterThan(15);
  for (const name of names) expect(Object.keys(rowOf(fixture(name.replace(".json", ""))))).toEqual(expected);
});

test("a metrics query arrives with readOnly false, and is a read all the same", () => {
  expect(rowOf(fixture("shape_GetMetricDataV2_readOnlyFalse"))).toMatchObject({
    read_only: false,
    is_write: false,
    severity_number: 9,
    instance_id: INSTANCE,
    actor_class: "lambda",
    session_id: "MetricsLogger",
    resource_type: "metric_data",
    resource_id: undefined,
    message: "GetMetricDataV2 by MetricsLogger (role MetricsLogger-role)",
  });
});

test("a failed call of a stack keeps user, service, instance and the problem found", () => {
  const row = rowOf(fixture("shape_CreateContactFlowModule_error_viaCloudFormation"));
  expect(row).toMatchObject({
    instance_id: INSTANCE,
    is_write: true,
    severity_number: 13,
    error_code: "InvalidContactFlowModuleException",
    actor: "arn:aws:iam::111122223333:user/deployer",
    actor_class: "cloudformation",
    source_ip_kind: "service",
    resource_type: "flow_module",
    message:
      "CreateContactFlowModule by deployer via cloudformation.amazonaws.com failed: InvalidContactFlowModuleException",
  });
  expect(row.request_parameters).toContain('"Content":"***"');
  expect(row.response_elements).toContain("Invalid Action property value");
});

test("the synchronization of a replica is told apart from a person deleting a user", () => {
  const row = rowOf({ ...fixture("shape_ACGR_sync_DeleteUser"), eventTime: "2026-11-20T10:00:00Z" });
  expect(row).toMatchObject({
    actor_class: "replica_sync",
    instance_id: INSTANCE,
    agent_id: "66666666-7777-8888-9999-000000000000",
    actor_user_id: undefined,
    message: "DeleteUser by synchronization.connect.amazonaws.com",
  });
});

test("a change at the admin website tells the user who acted from the agent acted upon", () => {
  const identity: JsonObject = JSON.parse(
    readFileSync(new URL("fixtures/shape_admin_website_change_identity.json", import.meta.url), "utf8"),
  );
  const requestParameters = { InstanceId: INSTANCE, UserId: "agent-1", RoutingProfileId: "profile-1" };
  expect(rowOf({ ...WRITE, ...identity, eventName: "UpdateUserRoutingProfile", requestParameters })).toMatchObject({
    actor_class: "admin_website",
    actor_user_id: "78adbca8-17ff-47dd-b354-2405d9371018",
    session_id: "78adbca8-17ff-47dd-b354-2405d9371018",
    agent_id: "agent-1",
    routing_profile_id: "profile-1",
    source_ip_kind: "service",
    message: "UpdateUserRoutingProfile by Connect user 78adbca8-17ff-47dd-b354-2405d9371018 (admin website)",
  });
});

test("the severity is notice for a write, warning for a failure", () => {
  expect(rowOf(WRITE)).toMatchObject({
    severity_number: 10,
    message: "UpdateContactFlowContent by ana@example.com (role Deployer)",
  });
  expect(rowOf({ ...WRITE, errorCode: "AccessDenied" })).toMatchObject({
    severity_number: 13,
    message: "UpdateContactFlowContent by ana@example.com (role Deployer) failed: AccessDenied",
  });
  expect(rowOf({ ...WRITE, errorMessage: "Failed authentication" })).toMatchObject({
    severity_number: 13,
    message: "UpdateContactFlowContent by ana@example.com (role Deployer) failed: Failed authentication",
  });
});

test("a federated session keeps its source identity, an Identity Center session its function", () => {
  expect(rowOf(fixture("umccr_federated"))).toMatchObject({
    actor_class: "role",
    source_identity: "john.doe@example.com",
    session_name: "federated-session",
  });
  expect(rowOf(fixture("umccr_idc"))).toMatchObject({
    actor_class: "lambda",
    in_scope_arn: "arn:aws:lambda:us-east-1:111122223333:function:MyFunction",
    session_name: "user@example.com",
  });
});

test("where the credentials were issued to the function itself, that is what is in scope", () => {
  const credentialsIssuedTo = "arn:aws:lambda:eu-west-2:111122223333:function:lookup";
  const userIdentity = { type: "AssumedRole", inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo } };
  expect(rowOf({ ...WRITE, userIdentity }).in_scope_arn).toBe(credentialsIssuedTo);
});

test("a Voice ID record keeps its masks and is no Connect instance", () => {
  const row = rowOf(fixture("docs_voiceid_CreateDomain"));
  expect(row).toMatchObject({
    is_write: true,
    is_known_operation: undefined,
    instance_id: undefined,
    session_id: "SampleUser",
  });
  expect(row.request_parameters).toContain("HIDDEN_DUE_TO_SECURITY_REASONS");
});

test("multi-factor authentication is a text in sessions and a word at sign-in", () => {
  const signIn = fixture("umccr_1_02");
  expect(rowOf(signIn).is_mfa).toBe(false);
  expect(rowOf({ ...signIn, additionalEventData: { MFAUsed: "YES" } }).is_mfa).toBe(true);
  expect(rowOf(fixture("umccr_1_10")).is_mfa).toBe(true);
  expect(rowOf(fixture("umccr_1_0")).is_mfa).toBeUndefined();
});

test("the absence of a console session means no since version 1.08, and nothing before", () => {
  const facts = ["1.10", "1.08", "1.8", "1.07", "1.0", "2.0", "next"].map((eventVersion) => {
    return [eventVersion, rowOf({ ...WRITE, eventVersion }).is_console_session];
  });
  expect(Object.fromEntries(facts)).toEqual({
    "1.10": false,
    "1.08": false,
    "1.8": false,
    "1.07": undefined,
    "1.0": undefined,
    "2.0": undefined,
    next: undefined,
  });
  expect(rowOf({ ...WRITE, sessionCredentialFromConsole: "true" }).is_console_session).toBe(true);
  expect(rowOf(fixture("umccr_1_10")).is_console_session).toBe(true);
});

test("an Insight record is no write, and says what was unusual", () => {
  const insightDetails = {
    eventSource: "connect.amazonaws.com",
    eventName: "StopContact",
    insightType: "ApiCallRateInsight",
    state: "Start",
  };
  const { userIdentity: _, eventSource: __, eventName: ___, ...rest } = WRITE;
  const row = rowOf({ ...rest, eventType: "AwsCloudTrailInsight", eventCategory: "Insight", insightDetails });
  expect(row).toMatchObject({
    event_name: "StopContact",
    event_source: "connect.amazonaws.com",
    is_write: false,
    severity_number: 9,
    insight_details: JSON.stringify(insightDetails),
    message: "StopContact: ApiCallRateInsight Start",
  });
});

test("the account is the one that received the record, else the carrier's, else the caller's", () => {
  const { recipientAccountId: _, awsRegion: __, ...rest } = WRITE;
  expect(rowOf(WRITE, { carrier: { accountId: "999988887777", region: "us-east-1" } })).toMatchObject({
    account_id: "111122223333",
    region: "eu-west-2",
  });
  expect(rowOf(rest, { carrier: { accountId: "999988887777", region: "us-east-1" } })).toMatchObject({
    account_id: "999988887777",
    region: "us-east-1",
    recipient_account_id: undefined,
  });
  expect(rowOf(rest)).toMatchObject({ account_id: "111122223333", region: undefined });
});

test("the event id and the receiving account make the record, whatever carried it and however it was printed", () => {
  const id = idOf({});
  expect(idOf({}, { body: JSON.stringify(WRITE, null, 2), carrier: { id: "other", accountId: "999988887777" } })).toBe(
    id,
  );
  expect(idOf({ eventID: "event-2" })).not.toBe(id);
  expect(idOf({ recipientAccountId: "444455556666" })).not.toBe(id);
});

test("without an event id the content makes the record, not its white space", () => {
  const { eventID: _, ...rest } = WRITE;
  const id = rowOf(rest).record_id;
  expect(rowOf(rest, { body: JSON.stringify(rest, null, 2) }).record_id).toBe(id);
  expect(rowOf({ ...rest, sourceIPAddress: "192.0.2.7" }).record_id).not.toBe(id);
});

test("a record without a time takes the carrier's into its row", () => {
  const { eventTime: _, ...rest } = WRITE;
  const time = parseInstant("2026-11-20T10:00:05Z");
  if (time === undefined) throw new Error("the instant of this test cannot be read");
  expect(rowOf(rest, { carrier: { time } }).event_time).toBe(time);
});

test("fields of a later CloudTrail are kept, one called __proto__ too", () => {
  const value: JsonObject = { ...WRITE, ...JSON.parse('{"newField":{"a":1},"nothing":null}') };
  expect(rowOf(value).attributes).toBe('{"newField":{"a":1}}');
  const hostile: JsonObject = JSON.parse(JSON.stringify(WRITE).replace("{", '{"__proto__":{"polluted":true},'));
  expect(rowOf(hostile).attributes).toBe('{"__proto__":{"polluted":true}}');
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test.each([
  ["root", { userIdentity: { type: "Root" } }, "UpdateContactFlowContent by root"],
  ["a user", { userIdentity: { type: "IAMUser", userName: "ana" } }, "UpdateContactFlowContent by ana"],
  [
    "a service",
    { userIdentity: { type: "AWSService", invokedBy: "s3.amazonaws.com" } },
    "UpdateContactFlowContent by s3.amazonaws.com",
  ],
  [
    "an account",
    { userIdentity: { type: "AWSAccount", accountId: "444455556666" } },
    "UpdateContactFlowContent by 444455556666",
  ],
  ["nobody", { userIdentity: null }, "UpdateContactFlowContent"],
] satisfies readonly (readonly [string, JsonObject, string])[])("the message names %s", (_, change, message) => {
  expect(rowOf({ ...WRITE, ...change }).message).toBe(message);
});
