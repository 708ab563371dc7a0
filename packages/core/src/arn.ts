/** The parts of a Connect ARN. Ids are kept as written: 2017 instances have directory ids such as `d-92673ef055`. */
export interface ConnectArn {
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  readonly instanceId: string | undefined;
  /** `agent`, `queue`, `contact-flow`, `flow-module`, `routing-profile`, `agent-state`, ... */
  readonly resourceType: string | undefined;
  readonly resourceId: string | undefined;
}

// The partition may be empty (`arn::connect:`, `arn:aws::connect:`): the documented contact events print it so.
const CONNECT_ARN = /^arn:[\w-]*::?connect:([\w-]*):([\w*]*):instance\/([^/]+)(?:\/([^/]+)(?:\/agent)?\/([^/:]+))?/;

const arnCache = new Map<string, ConnectArn | undefined>();
/** Distinct ARNs of one instance are few (agents, queues, flows); the bound guards against hostile input. */
const ARN_CACHE_LIMIT = 10_000;

/** Parses `arn:aws:connect:<region>:<account>:instance/<id>[/<type>/<id>]`, also URL-encoded; undefined if it is not one. */
export function parseConnectArn(text: string | undefined): ConnectArn | undefined {
  if (text === undefined || !text.startsWith("arn")) return undefined;
  if (arnCache.has(text)) return arnCache.get(text);
  const parsed = readConnectArn(text);
  if (arnCache.size >= ARN_CACHE_LIMIT) arnCache.clear();
  arnCache.set(text, parsed);
  return parsed;
}

function readConnectArn(text: string): ConnectArn | undefined {
  // CloudFormation passes instance ids as URL-encoded ARNs: arn%3Aaws%3Aconnect%3A...
  const plain = text.startsWith("arn%3A") ? text.replaceAll(/%3A/gi, ":").replaceAll(/%2F/gi, "/") : text;
  const match = CONNECT_ARN.exec(plain);
  if (match === null) return undefined;
  const [, region, accountId, instanceId, resourceType, resourceId] = match;
  return {
    region: region === "" ? undefined : region,
    accountId: accountId === "" ? undefined : accountId,
    instanceId,
    resourceType,
    resourceId,
  };
}

/** The last id of a Connect ARN, or the text itself when it is a bare id. */
export function resourceIdOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return text.startsWith("arn") ? parseConnectArn(text)?.resourceId : text;
}
