import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TrailBucket } from "../receivers/s3-cloudtrail/trail-bucket.ts";
import type { ImportReport } from "./import-files.ts";
import { isS3Address, parseS3Address } from "./s3-address.ts";
import { S3Import, type Portion } from "./s3-import.ts";
import { S3Position } from "./s3-position.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const ADDRESS = { bucket: "trail", prefix: "AWSLogs/" };

interface Stored {
  readonly key: string;
  readonly modifiedTime: number;
  readonly storageClass?: string;
  readonly isDenied?: boolean;
}

let folder: string;
let stored: Stored[];
let mock: ReturnType<typeof mockClient>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fourwire-s3-import-"));
  stored = Array.from({ length: 2500 }, (_, index) => ({
    key: `AWSLogs/1/CloudTrail/r/2026/11/01/${String(index).padStart(5, "0")}.json.gz`,
    modifiedTime: NOW - 86_400_000,
  }));
  mock = mockClient(S3Client);
  mock.on(ListObjectsV2Command).callsFake(({ StartAfter = "", MaxKeys = 1000 }) => {
    const after = stored.filter(({ key }) => key > StartAfter).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return {
      Contents: after.slice(0, MaxKeys).map((object) => ({
        Key: object.key,
        Size: object.key.length,
        LastModified: new Date(object.modifiedTime),
        StorageClass: object.storageClass ?? "STANDARD",
      })),
      IsTruncated: after.length > MaxKeys,
    };
  });
  mock.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
    if (stored.find(({ key }) => key === Key)?.isDenied === true) {
      throw new S3ServiceException({ name: "AccessDenied", $fault: "client", $metadata: { httpStatusCode: 403 } });
    }
    return { Body: Readable.from([Buffer.from(Key)]), ContentLength: Key.length };
  });
});

afterEach(async () => {
  mock.restore();
  await rm(folder, { recursive: true, force: true });
});

/** Imports; collects the content of each file, which is its key. Throws in portion `failsAt`. */
async function run(taken: string[], failsAt?: number): Promise<ImportReport> {
  let portions = 0;
  const bucket = new TrailBucket({
    client: new S3Client({ region: "eu-west-2" }),
    bucket: "trail",
    configKey: "import",
    sleep: () => Promise.resolve(),
    onFailure: () => undefined,
    onRecovered: () => undefined,
  });
  return new S3Import({
    address: ADDRESS,
    bucket,
    position: await S3Position.open(folder, ADDRESS, NOW),
    temporaryPath: join(folder, "staging"),
    onProgress: () => undefined,
    importPortion: async ({ origins }: Portion): Promise<ImportReport> => {
      if (++portions === failsAt) throw new Error("killed");
      for (const [path, origin] of Object.entries(origins)) {
        const key = await readFile(path, "utf8");
        expect(origin).toBe(`s3://trail/${key}`);
        taken.push(key);
      }
      const count = Object.keys(origins).length;
      return {
        files: count,
        records: { cloudtrail: { appended: count, duplicate: 0, rejected: 0 } },
        skipped: [],
        failed: [],
        seconds: 1,
      };
    },
  }).finish();
}

describe("an import from S3", () => {
  test("takes every object once, in portions, and forgets its position when it is complete", async () => {
    const taken: string[] = [];
    expect(await run(taken)).toMatchObject({ files: 2500, records: { cloudtrail: { appended: 2500 } }, failed: [] });
    expect(taken.toSorted()).toEqual(stored.map(({ key }) => key).toSorted());
    const again: string[] = [];
    await run(again);
    expect(again.length).toBe(2500);
  });

  test("that was cut off goes on after the last whole portion, and takes what was written since", async () => {
    const first: string[] = [];
    await expect(run(first, 3)).rejects.toThrow("killed");
    expect(first.length).toBe(2000);
    stored.push({ key: "AWSLogs/1/CloudTrail/a/2026/11/20/new.json.gz", modifiedTime: NOW + 60_000 });
    const second: string[] = [];
    await run(second);
    expect(second.length).toBe(501);
    expect(second).toContain("AWSLogs/1/CloudTrail/a/2026/11/20/new.json.gz");
    expect(new Set([...first, ...second]).size).toBe(2501);
  });

  test("names what is denied or archived as failed, counts CloudTrail's other files, and does not pass over them", async () => {
    const [denied, archived] = stored;
    if (denied === undefined || archived === undefined) throw new Error("no objects");
    stored[0] = { ...denied, isDenied: true };
    stored[1] = { ...archived, storageClass: "DEEP_ARCHIVE" };
    stored.push({ key: "AWSLogs/1/CloudTrail-Digest/r/2026/11/01/d.json.gz", modifiedTime: NOW });
    const report = await run([]);
    expect(report.files).toBe(2498);
    expect(report.failed.map(({ path }) => path).toSorted()).toEqual([
      `s3://trail/${denied.key}`,
      `s3://trail/${archived.key}`,
    ]);
    expect(report.skipped).toEqual([{ path: "s3://trail/AWSLogs/", reason: "1 digest files of CloudTrail" }]);
    await expect(run([], 3)).rejects.toThrow("killed");
    const after: string[] = [];
    await run(after);
    expect(after.length).toBe(2498);
  });

  test("of nothing says so", async () => {
    stored = [];
    await expect(run([])).rejects.toMatchObject({ code: "path_not_found" });
  });
});

describe("an address", () => {
  test("is told from a path and read", () => {
    expect(["s3://b", "s3://b/p", "./s3", "s3"].map(isS3Address)).toEqual([true, true, false, false]);
    expect(parseS3Address("s3://b")).toEqual({ bucket: "b", prefix: "" });
    expect(parseS3Address("s3://b/a b/c")).toEqual({ bucket: "b", prefix: "a b/c" });
    expect(() => parseS3Address("s3:///p")).toThrow("not an address in S3");
  });
});
