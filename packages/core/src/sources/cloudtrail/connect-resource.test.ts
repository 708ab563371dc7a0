import { expect, test } from "vitest";
import type { JsonObject } from "../../json.ts";
import { findConnectResources, referCloudTrail } from "./connect-resource.ts";
import { decodeCloudTrail } from "./decode.ts";
import { findOperation } from "./operations.ts";

const INSTANCE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const INSTANCE_ARN = `arn:aws:connect:eu-west-2:111122223333:instance/${INSTANCE}`;
const ID = "66666666-7777-4888-9999-000000000000";
const OTHER = "11111111-2222-4333-8444-555555555555";

function wireOf(
  eventName: string,
  request: JsonObject,
  response: JsonObject | null = null,
  eventSource = "connect.amazonaws.com",
) {
  const value = {
    eventTime: "2026-11-20T10:00:00Z",
    eventSource,
    eventName,
    requestParameters: request,
    responseElements: response,
  };
  const decoded = decodeCloudTrail({ value, body: JSON.stringify(value), carrier: undefined });
  if (!decoded.ok) throw new Error(decoded.rejected.detail);
  return decoded.value;
}

function resourcesOf(...call: Parameters<typeof wireOf>) {
  const wire = wireOf(...call);
  return findConnectResources(wire, findOperation(wire.eventSource, wire.eventName, undefined).resourceType);
}

test.each([
  ["a bare id", "InstanceId", INSTANCE],
  ["an ARN", "InstanceId", INSTANCE_ARN],
  ["a URL-encoded ARN, as CloudFormation sends", "InstanceId", encodeURIComponent(INSTANCE_ARN)],
  ["an encoded ARN in lower case", "InstanceId", encodeURIComponent(INSTANCE_ARN).toLowerCase()],
  ["a key in lower camel case", "instanceId", INSTANCE],
  ["the resource ARN of GetMetricDataV2", "ResourceArn", INSTANCE_ARN],
  ["the target ARN of a phone number", "TargetArn", INSTANCE_ARN],
  ["the ARN of any object", "UserId", `${INSTANCE_ARN}/agent/${ID}`],
])("the instance id is read from %s", (_, key, text) => {
  expect(resourcesOf("DescribeUser", { [key]: text }).instanceId).toBe(INSTANCE);
});

test("an instance of 2017 has a directory id", () => {
  expect(resourcesOf("DescribeInstance", { InstanceId: "d-92673ef055" })).toMatchObject({
    instanceId: "d-92673ef055",
    resourceType: "instance",
    resourceId: "d-92673ef055",
  });
});

test("the id of a new instance is in the answer", () => {
  expect(resourcesOf("CreateInstance", { ClientToken: "t" }, { Id: INSTANCE, Arn: INSTANCE_ARN })).toMatchObject({
    instanceId: INSTANCE,
    resourceType: "instance",
    resourceId: INSTANCE,
  });
});

test("a call about one agent names the agent, the routing profile given and the user as its main object", () => {
  const request = { InstanceId: INSTANCE, UserId: `${INSTANCE_ARN}/agent/${ID}`, RoutingProfileId: OTHER };
  expect(resourcesOf("UpdateUserRoutingProfile", request)).toEqual({
    instanceId: INSTANCE,
    contactId: undefined,
    flowId: undefined,
    agentId: ID,
    agentUsername: undefined,
    queueId: undefined,
    routingProfileId: OTHER,
    resourceType: "user",
    resourceId: ID,
  });
});

test("a new user is named by request and answer together", () => {
  const request = { InstanceId: INSTANCE, Username: "ana.ruiz", Password: "***" };
  const response = { UserId: ID, UserArn: `${INSTANCE_ARN}/agent/${ID}` };
  expect(resourcesOf("CreateUser", request, response)).toMatchObject({
    agentId: ID,
    agentUsername: "ana.ruiz",
    resourceId: ID,
  });
  expect(resourcesOf("CreateUser", { ...request, Username: "***" }, response).agentUsername).toBeUndefined();
});

test.each([
  ["UpdateContactFlowContent", { ContactFlowId: ID }, null, "flow"],
  ["UpdateContactFlowContent", { ContactFlowId: `${INSTANCE_ARN}/contact-flow/${ID}` }, null, "flow"],
  ["UpdateContactFlowContent", { ContactFlowId: `${ID}:$SAVED` }, null, "flow"],
  [
    "CreateContactFlow",
    { Name: "n" },
    { ContactFlowId: ID, ContactFlowArn: `${INSTANCE_ARN}/contact-flow/${ID}` },
    "flow",
  ],
  ["UpdateContactFlowModuleContent", { ContactFlowModuleId: ID }, null, "flow_module"],
  ["CreateContactFlowModule", { Name: "n" }, { Id: ID, Arn: `${INSTANCE_ARN}/flow-module/${ID}` }, "flow_module"],
  ["TagResource", { resourceArn: `${INSTANCE_ARN}/contact-flow/${ID}` }, null, "flow"],
  ["TagResource", { resourceArn: encodeURIComponent(`${INSTANCE_ARN}/flow-module/${ID}`) }, null, "flow_module"],
] satisfies readonly (readonly [string, JsonObject, JsonObject | null, string])[])(
  "%s with %j answered %j is about a %s",
  (eventName, request, response, resourceType) => {
    expect(resourcesOf(eventName, request, response)).toMatchObject({ flowId: ID, resourceType, resourceId: ID });
  },
);

test("the flow a phone number is pointed at is named beside the number", () => {
  const PhoneNumberId = `arn:aws:connect:eu-west-2:111122223333:phone-number/${OTHER}`;
  const request = { PhoneNumberId, InstanceId: INSTANCE, ContactFlowId: ID };
  expect(resourcesOf("AssociatePhoneNumberContactFlow", request)).toMatchObject({
    flowId: ID,
    resourceType: "phone_number",
    resourceId: OTHER,
  });
});

test("tagging a user, queue or routing profile touches it", () => {
  expect(resourcesOf("TagResource", { resourceArn: `${INSTANCE_ARN}/agent/${ID}` })).toMatchObject({
    agentId: ID,
    resourceType: "user",
  });
  expect(resourcesOf("UntagResource", { resourceArn: `${INSTANCE_ARN}/queue/${ID}` })).toMatchObject({
    queueId: ID,
    resourceType: "queue",
  });
  const tagged = resourcesOf("TagResource", { resourceArn: `${INSTANCE_ARN}/routing-profile/${ID}` });
  expect(tagged).toMatchObject({ routingProfileId: ID, resourceType: "routing_profile", resourceId: ID });
});

test("a contact is named by its own id before the id of its first leg", () => {
  const request = { InstanceId: INSTANCE, InitialContactId: OTHER, ContactId: ID };
  expect(resourcesOf("StartContactRecording", request)).toMatchObject({
    contactId: ID,
    resourceType: "contact",
    resourceId: ID,
  });
  expect(resourcesOf("GetContactAttributes", { InstanceId: INSTANCE, InitialContactId: OTHER }).contactId).toBe(OTHER);
  expect(resourcesOf("StartOutboundVoiceContact", { QueueId: OTHER }, { ContactId: ID })).toMatchObject({
    contactId: ID,
    queueId: OTHER,
  });
});

test.each(["***", "HIDDEN_DUE_TO_SECURITY_REASONS", "", "null", "a b", "%", "%E0%A4%A"])(
  "the text %j is not an id",
  (text) => {
    expect(resourcesOf("DescribeUser", { InstanceId: text, UserId: text })).toMatchObject({
      instanceId: undefined,
      agentId: undefined,
    });
  },
);

test("the instance id of EC2 is not Connect's, but a Connect ARN is wherever it stands", () => {
  expect(
    resourcesOf("StopInstances", { instanceId: "i-ebeaf9e2", userId: ID }, null, "ec2.amazonaws.com").instanceId,
  ).toBeUndefined();
  const permission = { functionName: "lookup", sourceArn: INSTANCE_ARN };
  expect(resourcesOf("AddPermission20150331v2", permission, null, "lambda.amazonaws.com").instanceId).toBe(INSTANCE);
});

test("a key that differs in case only, and one called __proto__, do no harm", () => {
  const request: JsonObject = JSON.parse(`{"__proto__":{"InstanceId":"x"},"USERID":"${ID}","constructorId":"y"}`);
  expect(resourcesOf("DescribeUser", request)).toMatchObject({ agentId: ID, instanceId: undefined });
});

test("a transfer leads from the contact asked about to the contact answered", () => {
  expect(referCloudTrail(wireOf("TransferContact", { ContactId: ID }, { ContactId: OTHER }))).toEqual({
    contactIds: [ID, OTHER],
    links: [{ contact_id: ID, relation: "next", other_contact_id: OTHER }],
  });
});

test("a task about a call is linked to it", () => {
  const task = wireOf("StartTaskContact", { PreviousContactId: OTHER, RelatedContactId: "related" }, { ContactId: ID });
  expect(referCloudTrail(task)).toEqual({
    contactIds: [ID, OTHER, "related"],
    links: [
      { contact_id: ID, relation: "previous", other_contact_id: OTHER },
      { contact_id: ID, relation: "related", other_contact_id: "related" },
    ],
  });
});

test("a contact is not linked to itself, nor is one invented for a failed task", () => {
  const recording = wireOf("StartContactRecording", { ContactId: ID, InitialContactId: ID });
  expect(referCloudTrail(recording)).toEqual({ contactIds: [ID], links: [] });
  expect(referCloudTrail(wireOf("StartTaskContact", { PreviousContactId: OTHER }))).toEqual({
    contactIds: [OTHER],
    links: [],
  });
});

test("calls without a contact and calls of other services refer to none", () => {
  expect(referCloudTrail(wireOf("DescribeUser", { UserId: ID }))).toEqual({ contactIds: [], links: [] });
  expect(referCloudTrail(wireOf("GetThing", { contactId: ID }, null, "ssm-contacts.amazonaws.com"))).toEqual({
    contactIds: [],
    links: [],
  });
});
