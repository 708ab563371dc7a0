import { describe, expect, test } from "vitest";
import { deliveryTime, folderOf, keyBefore, leftOutReason } from "./layout.ts";

const FOLDER = "AWSLogs/123456789012/CloudTrail/eu-west-2/";
const FILE = `${FOLDER}2026/11/20/123456789012_CloudTrail_eu-west-2_20261120T0905Z_abcdefghijklmnop.json.gz`;

describe("the key of an object", () => {
  test.each([
    FILE,
    `central/${FILE}`,
    FILE.replace("AWSLogs/", "AWSLogs/o-abc123def4/"),
    FILE.replace("Z_", "Z"),
    "copied/CloudTrail/records.json",
    "copied/111122223333_CloudTrail_eu-west-2_20261120T0905Z_abcdefghijklmnop.json.gz",
  ])("%s is a file of log records", (key) => {
    expect(leftOutReason(key)).toBeUndefined();
  });

  test.each([
    [FILE.replaceAll("CloudTrail", "CloudTrail-Digest"), "digest_file"],
    ["copied/1_CloudTrail-Digest_eu-west-2_trail_eu-west-2_20261120T090500Z.json.gz", "digest_file"],
    [FILE.replaceAll("CloudTrail", "CloudTrail-Insight"), "insight_file"],
    [FILE.replaceAll("CloudTrail", "CloudTrail-NetworkActivity"), "network_activity_file"],
    [FILE.replaceAll("CloudTrail", "CloudTrail-Aggregated"), "aggregated_file"],
    ["AWSLogs/123456789012/Config/eu-west-2/2026/11/20/x.json.gz", "other_object"],
    [FOLDER, "other_object"],
    [`${FOLDER}readme.txt`, "other_object"],
  ])("%s is left out: %s", (key, reason) => {
    expect(leftOutReason(key)).toBe(reason);
  });

  test("tells its folder and the minute of its delivery", () => {
    expect(folderOf(`a/b/${FILE}`)).toBe(`a/b/${FOLDER}`);
    expect(folderOf(FILE.replace("AWSLogs/", "AWSLogs/o-abc/"))).toBe(FOLDER.replace("AWSLogs/", "AWSLogs/o-abc/"));
    expect(folderOf("elsewhere/x.json.gz")).toBeUndefined();
    expect(deliveryTime(FILE)).toBe(Date.UTC(2026, 10, 20, 9, 5));
    expect(deliveryTime(`${FOLDER}2026/11/20/odd.json.gz`)).toBe(Date.UTC(2026, 10, 20));
    expect(deliveryTime(`${FOLDER}odd.json.gz`)).toBeUndefined();
  });

  test("sorts after what comes before its minute, and before the next minute's", () => {
    expect(keyBefore(FOLDER, Date.UTC(2026, 10, 20, 9, 5)) < FILE).toBe(true);
    expect(keyBefore(FOLDER, Date.UTC(2026, 10, 20, 9, 6)) > FILE).toBe(true);
    expect(keyBefore(FOLDER, Date.UTC(2026, 10, 21)) > FILE).toBe(true);
  });
});
