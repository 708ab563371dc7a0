import { gzipSync } from "node:zlib";

const SUFFIX = "abcdefghijklmnop";

/** The key of a file that a trail delivered at a time. */
export function trailKey(at: {
  readonly time: number;
  readonly account?: string;
  readonly region?: string;
  readonly organization?: string;
  readonly prefix?: string;
  readonly index?: number;
}): string {
  const { time, account = "123456789012", region = "eu-west-2", organization, prefix = "", index = 0 } = at;
  const iso = new Date(time).toISOString();
  const minute = `${iso.slice(0, 10).replaceAll("-", "")}T${iso.slice(11, 16).replace(":", "")}Z`;
  const unique = `${String(index).padStart(6, "0")}${SUFFIX}`.slice(0, 16);
  const folder = `${prefix}AWSLogs/${organization === undefined ? "" : `${organization}/`}${account}/CloudTrail/${region}`;
  return `${folder}/${iso.slice(0, 10).replaceAll("-", "/")}/${account}_CloudTrail_${region}_${minute}_${unique}.json.gz`;
}

export function trailRecord(eventId: string, time: number): object {
  return {
    eventVersion: "1.11",
    userIdentity: { type: "Root", accountId: "123456789012" },
    eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
    eventSource: "connect.amazonaws.com",
    eventName: "UpdateUserRoutingProfile",
    awsRegion: "eu-west-2",
    eventID: eventId,
    recipientAccountId: "123456789012",
  };
}

export function trailFile(records: readonly object[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}
