import { parseConnectArn } from "../../arn.ts";
import type { JsonObject } from "../../json.ts";
import { textAt } from "../../json.ts";

/** An id as a parameter holds it: bare, or out of an ARN, which also names the instance and the type. */
export interface ConnectId {
  readonly id: string;
  readonly instanceId: string | undefined;
  /** Our name for the ARN's type (`agent` is `user`); undefined for a bare id. */
  readonly resourceType: string | undefined;
}

/** Parameters that end in Id or Arn and hold an id, by their key in lower case. */
export type ConnectIds = ReadonlyMap<string, ConnectId>;

/** ARN words that differ from the word of the API for the same thing. */
const RESOURCE_TYPES: ReadonlyMap<string, string> = new Map([
  ["agent", "user"],
  ["agent-group", "user_hierarchy_group"],
  ["agent-state", "agent_status"],
  ["contact-flow", "flow"],
  ["operating-hours", "hours_of_operation"],
  ["transfer-destination", "quick_connect"],
]);

// "***" and "HIDDEN_DUE_TO_SECURITY_REASONS" stand where a value was masked. A flow id may end in an alias or a
// version (`:$SAVED`), which is not part of the id.
const BARE_ID = /^(?!HIDDEN_)([A-Za-z0-9][\w-]*)(?::[$\w-]+)?$/;
/** What has no instance in its ARN: phone numbers, traffic distribution groups. */
const GLOBAL_ARN = /^arn:[\w-]*:connect:[\w-]*:\d*:(phone-number|traffic-distribution-group)\/([\w-]+)/;

export function parseConnectId(text: string): ConnectId | undefined {
  const plain = decodePercent(text);
  if (!plain.startsWith("arn:")) {
    const bare = BARE_ID.exec(plain)?.[1];
    return bare === undefined ? undefined : { id: bare, instanceId: undefined, resourceType: undefined };
  }
  const arn = parseConnectArn(plain);
  if (arn?.instanceId !== undefined) {
    const { instanceId, resourceId } = arn;
    return { id: resourceId ?? instanceId, instanceId, resourceType: resourceTypeOf(arn.resourceType ?? "instance") };
  }
  const [, type, id] = GLOBAL_ARN.exec(plain) ?? [];
  return type === undefined || id === undefined
    ? undefined
    : { id, instanceId: undefined, resourceType: resourceTypeOf(type) };
}

function resourceTypeOf(arnType: string): string {
  return RESOURCE_TYPES.get(arnType) ?? arnType.replaceAll("-", "_");
}

// CloudFormation sends ids as ARNs with every colon and slash as %3A and %2F, and CloudTrail records them so.
function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

const NO_IDS: ConnectIds = new Map();

/** The ids among the top-level parameters. Connect writes `InstanceId`, its newer siblings `instanceId`. */
export function readConnectIds(parameters: JsonObject | undefined): ConnectIds {
  return readIds(parameters, parseConnectId);
}

/** Of a service that is not Connect's, only what a Connect ARN names: an EC2 `instanceId` is another thing. */
export function readConnectArns(parameters: JsonObject | undefined): ConnectIds {
  return readIds(parameters, (text) => (text.startsWith("arn") ? parseConnectId(text) : undefined));
}

function readIds(parameters: JsonObject | undefined, parse: (text: string) => ConnectId | undefined): ConnectIds {
  if (parameters === undefined) return NO_IDS;
  let ids: Map<string, ConnectId> | undefined;
  for (const key in parameters) {
    if (!isIdKey(key)) continue;
    const text = textAt(parameters, key);
    const id = text === undefined ? undefined : parse(text);
    if (id === undefined) continue;
    ids ??= new Map();
    ids.set(key.toLowerCase(), id);
  }
  return ids ?? NO_IDS;
}

/** Ends in "id", "Id", "ID", "arn", "Arn", "ARN", whatever the case. */
function isIdKey(key: string): boolean {
  const last = key.charCodeAt(key.length - 1) | 0x20;
  if (last === 0x64) return (key.charCodeAt(key.length - 2) | 0x20) === 0x69;
  return last === 0x6e && key.slice(-3).toLowerCase() === "arn";
}
