import type { JsonObject } from "../../json.ts";
import { textAt } from "../../json.ts";
import type { ContactLink, ContactReferences } from "../../source.ts";
import type { ConnectId, ConnectIds } from "./connect-id.ts";
import { readConnectArns, readConnectIds } from "./connect-id.ts";
import type { CloudTrailWire } from "./wire.ts";

/** What of Connect a call touched. */
export interface ConnectResources {
  readonly instanceId: string | undefined;
  readonly contactId: string | undefined;
  readonly flowId: string | undefined;
  /** The agent it was about, not the one who made it. */
  readonly agentId: string | undefined;
  readonly agentUsername: string | undefined;
  readonly queueId: string | undefined;
  readonly routingProfileId: string | undefined;
  readonly resourceType: string | undefined;
  readonly resourceId: string | undefined;
}

/** Services that name Connect's objects in their parameters. https://docs.aws.amazon.com/eventbridge/latest/ref/events.html (read 2026-11-20) */
const CONNECT_SOURCES: ReadonlySet<string> = new Set([
  "connect.amazonaws.com",
  "connectparticipant.amazonaws.com",
  "participant.connect.amazonaws.com",
  "contact-lens.connect.amazonaws.com",
  "connect-campaigns.amazonaws.com",
  "cases.amazonaws.com",
  "profile.amazonaws.com",
  "qconnect.amazonaws.com",
  "wisdom.amazonaws.com",
  "voiceid.amazonaws.com",
  "app-integrations.amazonaws.com",
]);

const INSTANCE_KEYS = ["instanceid", "connectinstanceid", "instancearn", "connectinstancearn"];
const CONTACT_KEYS = ["contactid", "contactarn", "initialcontactid"];
const FLOW_KEYS = [
  "contactflowid",
  "contactflowmoduleid",
  "contactflowarn",
  "contactflowmodulearn",
  "flowid",
  "flowarn",
];
const AGENT_KEYS = ["userid", "userarn"];
const QUEUE_KEYS = ["queueid", "queuearn", "defaultoutboundqueueid"];
const ROUTING_PROFILE_KEYS = ["routingprofileid", "routingprofilearn"];

/** Where the id is, for the types whose key is not `<Type>Id`. */
const RESOURCE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["attached_file", ["fileid"]],
  ["contact", CONTACT_KEYS],
  ["contact_evaluation", ["evaluationid"]],
  ["flow", ["contactflowid", "contactflowarn"]],
  ["flow_association", ["resourceid"]],
  ["flow_module", ["contactflowmoduleid", "contactflowmodulearn"]],
  ["tag", ["resourcearn"]],
  ["user", AGENT_KEYS],
  ["user_hierarchy_group", ["hierarchygroupid"]],
]);
/** Calls about many objects, or about none that has an id. */
const TYPES_WITHOUT_ID: ReadonlySet<string> = new Set(["metric_data", "session", "user_hierarchy_structure"]);

const NOTHING: ConnectResources = {
  instanceId: undefined,
  contactId: undefined,
  flowId: undefined,
  agentId: undefined,
  agentUsername: undefined,
  queueId: undefined,
  routingProfileId: undefined,
  resourceType: undefined,
  resourceId: undefined,
};

/** `operationType` is the type of the operation's main object, from the operation table. */
export function findConnectResources(wire: CloudTrailWire, operationType: string | undefined): ConnectResources {
  const isConnect = wire.eventSource !== undefined && CONNECT_SOURCES.has(wire.eventSource);
  const read = isConnect ? readConnectIds : readConnectArns;
  const request = read(wire.requestParameters);
  const response = read(wire.responseElements);
  if (request.size === 0 && response.size === 0)
    return operationType === undefined ? NOTHING : { ...NOTHING, resourceType: operationType };
  const main = findMainObject(operationType, request, response);
  const find = (keys: readonly string[], type: string): string | undefined =>
    firstId(request, keys) ?? firstId(response, keys) ?? (main.type === type ? main.id : undefined);
  return {
    instanceId: findInstanceId(operationType, request, response),
    contactId: find(CONTACT_KEYS, "contact"),
    flowId: find(FLOW_KEYS, main.type === "flow_module" ? "flow_module" : "flow"),
    agentId: find(AGENT_KEYS, "user"),
    agentUsername: operationType === "user" ? findUsername(wire.requestParameters) : undefined,
    queueId: find(QUEUE_KEYS, "queue"),
    routingProfileId: find(ROUTING_PROFILE_KEYS, "routing_profile"),
    resourceType: main.type,
    resourceId: main.id,
  };
}

interface MainObject {
  readonly type: string | undefined;
  readonly id: string | undefined;
}

function findMainObject(type: string | undefined, request: ConnectIds, response: ConnectIds): MainObject {
  // Tagging is about whatever the ARN names; other services name Connect's objects by ARN only.
  const tagged = request.get("resourcearn");
  if ((type === "tag" || type === undefined) && tagged !== undefined)
    return { type: tagged.resourceType ?? type, id: tagged.id };
  if (type === undefined || TYPES_WITHOUT_ID.has(type)) return { type, id: undefined };
  return {
    type,
    id: type === "instance" ? findInstanceId(type, request, response) : findIdOf(type, request, response),
  };
}

function findIdOf(type: string, request: ConnectIds, response: ConnectIds): string | undefined {
  const keys = RESOURCE_KEYS.get(type) ?? [`${type.replaceAll("_", "")}id`];
  // UpdateTrafficDistribution calls it `Id`, and so do the answers of several Create operations
  const found = firstOf(request, keys) ?? firstOf(response, keys) ?? request.get("id") ?? response.get("id");
  return found?.id;
}

function findInstanceId(type: string | undefined, request: ConnectIds, response: ConnectIds): string | undefined {
  const named = firstOf(request, INSTANCE_KEYS);
  if (named !== undefined) return named.instanceId ?? named.id;
  if (type === "instance") {
    const created = firstOf(response, ["id", "arn"]);
    if (created !== undefined) return created.instanceId ?? created.id;
  }
  return instanceOfAny(request) ?? instanceOfAny(response);
}

/** GetMetricDataV2 names the instance by `ResourceArn`, phone numbers by `TargetArn`, others by the ARN of any object. */
function instanceOfAny(ids: ConnectIds): string | undefined {
  for (const { instanceId } of ids.values()) {
    if (instanceId !== undefined) return instanceId;
  }
  return undefined;
}

function firstOf(ids: ConnectIds, keys: readonly string[]): ConnectId | undefined {
  if (ids.size === 0) return undefined;
  for (const key of keys) {
    const id = ids.get(key);
    if (id !== undefined) return id;
  }
  return undefined;
}

function firstId(ids: ConnectIds, keys: readonly string[]): string | undefined {
  return firstOf(ids, keys)?.id;
}

function findUsername(parameters: JsonObject | undefined): string | undefined {
  const name = textAt(parameters, "Username");
  return name === undefined || name === "***" ? undefined : name;
}

const NO_REFERENCES: ContactReferences = { contactIds: [], links: [] };
/** Parameters that name a contact other than the one the call is about, with what it is to it. */
const OTHER_CONTACTS: readonly (readonly [string, ContactLink["relation"]])[] = [
  ["initialcontactid", "initial"],
  ["previouscontactid", "previous"],
  ["relatedcontactid", "related"],
  ["sourcecontactid", "related"],
];

/** Every contact a call names, and how they hang together: a transfer, a task about a call, a chat that goes on. */
export function referCloudTrail(wire: CloudTrailWire): ContactReferences {
  if (wire.eventSource !== "connect.amazonaws.com") return NO_REFERENCES;
  const request = readConnectIds(wire.requestParameters);
  const response = readConnectIds(wire.responseElements);
  const requested = firstId(request, ["contactid", "contactarn"]);
  const answered = firstId(response, ["contactid", "contactarn"]);
  const subject = requested ?? answered;
  const others = OTHER_CONTACTS.map(([key, relation]) => ({ relation, id: request.get(key)?.id }));
  // TransferContact and its like answer with a contact of their own
  if (requested !== undefined) others.push({ relation: "next", id: answered });
  const contactIds = new Set([subject, ...others.map(({ id }) => id)].filter((id) => id !== undefined));
  return contactIds.size === 0 ? NO_REFERENCES : { contactIds: [...contactIds], links: linksOf(subject, others) };
}

function linksOf(
  subject: string | undefined,
  others: readonly { readonly relation: ContactLink["relation"]; readonly id: string | undefined }[],
): readonly ContactLink[] {
  const links: ContactLink[] = [];
  for (const { relation, id } of others) {
    if (subject === undefined || id === undefined || id === subject) continue;
    links.push({ contact_id: subject, relation, other_contact_id: id });
  }
  return links;
}
