// [prefix/]AWSLogs/[o-id/]<account>/CloudTrail/<Region>/YYYY/MM/DD/<account>_CloudTrail_<Region>_<YYYYMMDDTHHmm>Z_<16>.json.gz
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (read 2026-11-20)

/** Why an object of a trail's bucket is left out. */
export type LeftOut = "digest_file" | "insight_file" | "network_activity_file" | "aggregated_file" | "other_object";

const SIBLINGS: Readonly<Record<string, LeftOut>> = {
  "CloudTrail-Digest": "digest_file",
  "CloudTrail-Insight": "insight_file",
  "CloudTrail-NetworkActivity": "network_activity_file",
  "CloudTrail-Aggregated": "aggregated_file",
};

/** Undefined for a file of log records, wherever it was copied to; otherwise why it is left out. */
export function leftOutReason(key: string): LeftOut | undefined {
  const segments = key.split("/");
  const name = segments.at(-1) ?? "";
  // a digest that was copied elsewhere still says in its name what it is
  const kinds = [...segments.slice(0, -1), ...name.split("_")];
  for (const kind of kinds) {
    const reason = SIBLINGS[kind];
    if (reason !== undefined) return reason;
  }
  return kinds.includes("CloudTrail") && /\.json(?:\.gz)?$/.test(name) ? undefined : "other_object";
}

/** The folder of an account and Region, with its slash; undefined outside the layout. */
export function folderOf(key: string): string | undefined {
  return /^(?:.*\/)?AWSLogs\/(?:o-[a-z0-9]+\/)?\d{12}\/CloudTrail\/[^/]+\//.exec(key)?.[0];
}

/** The minute of delivery in a file's name, else the day of its folder; undefined where there is neither. */
export function deliveryTime(key: string): number | undefined {
  const minute = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z/.exec(key.slice(key.lastIndexOf("/") + 1));
  const day = /\/(\d{4})\/(\d\d)\/(\d\d)\/[^/]*$/.exec(key);
  const [, year, month, date, hour = "0", minutes = "0"] = minute ?? day ?? [];
  if (year === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minutes));
}

/** A key that sorts just before every file of the folder that was delivered at or after the minute. */
export function keyBefore(folder: string, time: number): string {
  const [, account = "", region = ""] = /(\d{12})\/CloudTrail\/([^/]+)\/$/.exec(folder) ?? [];
  const [date = "", clock = ""] = new Date(Math.max(0, time)).toISOString().split("T");
  const minute = `${date.replaceAll("-", "")}T${clock.slice(0, 5).replace(":", "")}`;
  return `${folder}${date.replaceAll("-", "/")}/${account}_CloudTrail_${region}_${minute}`;
}
