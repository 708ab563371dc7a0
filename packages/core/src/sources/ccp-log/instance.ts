import type { ConnectArn } from "../../arn.ts";
import { parseConnectArn } from "../../arn.ts";

type Instance = Pick<ConnectArn, "instanceId" | "accountId" | "region">;

const UNKNOWN: Instance = { instanceId: undefined, accountId: undefined, region: undefined };

/** Instance, account and Region from the first Connect ARN of the entry: snapshots and queues carry one. */
export function instanceIn(body: string): Instance {
  const at = body.indexOf(":instance/");
  if (at === -1) return UNKNOWN;
  const start = body.lastIndexOf("arn:", at);
  if (start === -1 || at - start > ARN_HEAD_LIMIT) return UNKNOWN;
  let end = at + ":instance/".length;
  while (end < body.length && isIdCharacter(body.charCodeAt(end))) end += 1;
  return parseConnectArn(body.slice(start, end)) ?? UNKNOWN;
}

/** `arn:aws-us-gov:connect:us-gov-west-1:123456789012`, with room to spare. */
const ARN_HEAD_LIMIT = 80;

function isIdCharacter(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x2d
  );
}
