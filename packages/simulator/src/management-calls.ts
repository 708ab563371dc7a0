import type { Stage } from "./stage.ts";
import { callApi, type ApiCall } from "./wires/cloudtrail.ts";

// What a day's trail holds besides metrics and contacts: scripts that read configuration, people who administer users and
// routing in the website, stacks, the replica's synchronization. Each call of both families of Amazon's page comes up.

const MEAN_READ_MS = 45_000;
const MEAN_CHANGE_MS = 400_000;
const MEAN_STACK_MS = 5_400_000;
const MEAN_CONTENT_READ_MS = 120_000;

type MakeCall = (stage: Stage) => ApiCall;

/** Reads of the second family: the request is logged, the response is redacted. */
const READS: readonly MakeCall[] = [
  ...[
    "ListUsers",
    "ListQueues",
    "ListRoutingProfiles",
    "ListContactFlows",
    "ListHoursOfOperations",
    "ListPhoneNumbers",
    "ListPrompts",
    "ListSecurityProfiles",
    "ListUserHierarchyGroups",
    "DescribeUserHierarchyStructure",
  ].map((name) => (stage: Stage) => read(stage, name, {})),
  (stage) => read(stage, "DescribeContactFlow", { ContactFlowId: stage.world.mainInbound.id }),
  (stage) => read(stage, "DescribeRoutingProfile", { RoutingProfileId: profileOf(stage).id }),
  (stage) => read(stage, "ListRoutingProfileQueues", { RoutingProfileId: profileOf(stage).id }),
  (stage) => read(stage, "DescribeUserHierarchyGroup", { HierarchyGroupId: groupOf(stage) }),
  (stage) => ({
    ...read(stage, "ListTagsForResource", {}),
    request: { ResourceArn: encodeURIComponent(stage.world.mainInbound.arn) },
  }),
  (stage) => ({ ...read(stage, "GetFederationToken", {}), caller: stage.callers.administrator }),
  (stage) => ({
    ...read(stage, "GetMetricData", {
      HistoricalMetrics: [{ Name: "CONTACTS_HANDLED", Statistic: "SUM", Unit: "COUNT" }],
      StartTime: Math.floor(stage.clock.now / 1000) - 900,
      EndTime: Math.floor(stage.clock.now / 1000),
    }),
    caller: stage.callers.wallboard,
    // reads sent by POST say so in real records
    isReadOnly: false,
  }),
];

/** Changes of the first family: request and response are logged; an empty response is null. */
const CHANGES: readonly MakeCall[] = [
  (stage) => change(stage, "UpdateUserHierarchy", { UserId: userOf(stage), HierarchyGroupId: groupOf(stage) }),
  (stage) =>
    change(stage, "UpdateUserPhoneConfig", {
      UserId: userOf(stage),
      PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: false },
    }),
  (stage) =>
    change(stage, "UpdateUserIdentityInfo", {
      UserId: userOf(stage),
      IdentityInfo: { FirstName: "***", LastName: "***", Email: "***" },
    }),
  (stage) =>
    change(stage, "UpdateUserSecurityProfiles", {
      UserId: userOf(stage),
      SecurityProfileIds: [stage.world.securityProfiles.agent.id],
    }),
  (stage) =>
    change(stage, "UpdateRoutingProfileName", { RoutingProfileId: profileOf(stage).id, Name: profileOf(stage).name }),
  (stage) =>
    change(stage, "UpdateRoutingProfileConcurrency", {
      RoutingProfileId: profileOf(stage).id,
      MediaConcurrencies: [{ Channel: "VOICE", Concurrency: 1 }],
    }),
  (stage) =>
    change(stage, "UpdateRoutingProfileQueues", {
      RoutingProfileId: profileOf(stage).id,
      QueueConfigs: [queueConfig(stage)],
    }),
  (stage) =>
    change(stage, "AssociateRoutingProfileQueues", {
      RoutingProfileId: profileOf(stage).id,
      QueueConfigs: [queueConfig(stage)],
    }),
  (stage) =>
    change(stage, "DisassociateRoutingProfileQueues", {
      RoutingProfileId: profileOf(stage).id,
      QueueReferences: [{ QueueId: stage.world.queues.backOffice.id, Channel: "TASK" }],
    }),
  (stage) =>
    change(stage, "UpdateContactFlowName", {
      ContactFlowId: stage.world.customerQueue.id,
      Name: stage.world.customerQueue.name,
    }),
  (stage) =>
    change(stage, "TagResource", {
      resourceArn: encodeURIComponent(stage.world.queues.sales.arn),
      tags: { team: "sales" },
    }),
  (stage) =>
    change(stage, "UntagResource", {
      resourceArn: encodeURIComponent(stage.world.queues.sales.arn),
      tagKeys: ["team"],
    }),
  (stage) => created(stage, "CreateUser", "agent", "User"),
  (stage) => created(stage, "CreateRoutingProfile", "routing-profile", "RoutingProfile"),
  (stage) => created(stage, "CreateContactFlow", "contact-flow", "ContactFlow"),
  (stage) => change(stage, "DeleteUser", { UserId: stage.random.uuid() }),
  (stage) => change(stage, "DeleteRoutingProfile", { RoutingProfileId: stage.random.uuid() }),
];

/** Participant Service: what customer and agent write in a chat, and the transcript that is read later. */
const CONTENT: readonly MakeCall[] = [
  (stage) =>
    participant(stage, "SendMessage", { ContentType: "text/plain", Content: "***" }, { Id: stage.random.uuid() }),
  (stage) =>
    participant(
      stage,
      "SendEvent",
      { ContentType: "application/vnd.amazonaws.connect.event.typing" },
      { Id: stage.random.uuid() },
    ),
  (stage) => participant(stage, "DisconnectParticipant", {}, null),
  (stage) => ({
    ...participant(stage, "GetTranscript", { MaxResults: 100 }, null),
    caller: stage.callers.crm,
    isReadOnly: false,
  }),
];

export function startManagementCalls(stage: Stage): void {
  repeat(stage, MEAN_READ_MS, READS);
  repeat(stage, MEAN_CHANGE_MS, CHANGES);
  repeat(stage, MEAN_CONTENT_READ_MS, CONTENT);
  repeat(stage, MEAN_STACK_MS, [updateByStack]);
}

function repeat(stage: Stage, meanMs: number, calls: readonly MakeCall[]): void {
  stage.clock.after(stage.random.exponential(meanMs), () => {
    if (!stage.conditions.isDeleted) callApi(stage, stage.random.pick(calls)(stage));
    repeat(stage, meanMs, calls);
  });
}

function read(stage: Stage, name: string, request: object): ApiCall {
  const caller = stage.random.chance(0.5) ? stage.callers.crm : stage.callers.administrator;
  return { name, caller, request: { InstanceId: stage.world.instance.id, ...request }, isReadOnly: true };
}

function change(stage: Stage, name: string, request: object): ApiCall {
  const caller = stage.random.pick([...stage.callers.website, stage.callers.administrator]);
  return { name, caller, request: { InstanceId: stage.world.instance.id, ...request }, isReadOnly: false };
}

function created(stage: Stage, name: string, type: string, prefix: string): ApiCall {
  const id = stage.random.uuid();
  const details =
    name === "CreateUser"
      ? { Username: `new.${id.slice(0, 4)}`, Password: "***", IdentityInfo: { FirstName: "***", LastName: "***" } }
      : {
          Name: `Draft ${id.slice(0, 4)}`,
          ...(name === "CreateContactFlow" ? { Content: "***", Type: "CONTACT_FLOW" } : {}),
        };
  return {
    ...change(stage, name, details),
    response: { [`${prefix}Id`]: id, [`${prefix}Arn`]: `${stage.world.instance.arn}/${type}/${id}` },
  };
}

function participant(stage: Stage, name: string, request: Record<string, unknown>, response: object | null): ApiCall {
  return { name, caller: stage.callers.webChat, request, response, isReadOnly: false };
}

/** CloudFormation writes the instance as an encoded ARN, and its errors into the response. */
function updateByStack(stage: Stage): ApiCall {
  const isFaulty = stage.random.chance(0.3);
  return {
    name: "CreateContactFlowModule",
    caller: stage.callers.stack,
    request: {
      InstanceId: encodeURIComponent(stage.world.instance.arn),
      Content: "***",
      ClientToken: stage.random.uuid(),
      Tags: {},
      Name: "Opening hours",
    },
    response: isFaulty
      ? { Problems: [{ message: "Invalid Action property value. Path: Actions[1].Transitions.NextAction" }] }
      : { Id: stage.random.uuid(), Arn: `${stage.world.instance.arn}/flow-module/${stage.random.uuid()}` },
    isReadOnly: false,
    ...(isFaulty ? { error: { code: "InvalidContactFlowModuleException" } } : {}),
  };
}

function profileOf(stage: Stage): { readonly id: string; readonly name: string } {
  return stage.random.pick(stage.world.routingProfiles);
}

function userOf(stage: Stage): string {
  return stage.random.pick(stage.world.agents).id;
}

function groupOf(stage: Stage): string {
  return stage.random.pick(stage.world.agents).hierarchy.at(-1)?.id ?? "";
}

function queueConfig(stage: Stage): object {
  return { QueueReference: { QueueId: stage.world.queues.support.id, Channel: "VOICE" }, Priority: 1, Delay: 0 };
}
