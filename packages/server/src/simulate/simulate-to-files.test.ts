import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SimulateSettings } from "./simulate-settings.ts";
import { simulateToFiles } from "./simulate-to-files.ts";

const SETTINGS: SimulateSettings = {
  seed: 5,
  agents: 14,
  startTime: Date.parse("2026-11-02T14:00:00.000Z"),
  durationMs: 65 * 60_000,
  incidents: ["bad-flow-publish"],
  level: "INFO",
};

let root = "";
let first: Map<string, Buffer>;

async function simulate(name: string, settings: SimulateSettings): Promise<Map<string, Buffer>> {
  const directory = join(root, name);
  await simulateToFiles({ settings, directory, onProgress: () => undefined, processes: 1 });
  return readTree(directory);
}

async function readTree(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files
        .toSorted()
        .map(async (path): Promise<[string, Buffer]> => [path.slice(directory.length + 1), await readFile(path)]),
    ),
  );
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fourwire-simulate-"));
  first = await simulate("first", SETTINGS);
});

afterAll(() => rm(root, { recursive: true, force: true }));

test("the same seed gives the same files, names and bytes, gzip included", async () => {
  const second = await simulate("second", SETTINGS);
  expect([...second.keys()]).toEqual([...first.keys()]);
  const differing = [...first].filter(([path, bytes]) => second.get(path)?.equals(bytes) !== true);
  expect(differing.map(([path]) => path)).toEqual([]);
  expect(first.size).toBeGreaterThan(80);
});

test("another seed gives other names and other bytes", async () => {
  const other = await simulate("other", { ...SETTINGS, seed: 6 });
  const same = [...first].filter(([path, bytes]) => other.get(path)?.equals(bytes) === true);
  expect(same.map(([path]) => path)).toEqual([]);
});

test("every wire lies where Amazon puts it", () => {
  const folders = new Set([...first.keys()].map((path) => path.replaceAll(/\d{4}\/\d\d\/\d\d(\/\d\d)?\/.*$/g, "$1")));
  const places = [...folders]
    .filter((folder) => !folder.includes("ccp-logs"))
    .map((folder) => folder.replace(/\/\d\d$/, "/HH"));
  expect(new Set(places)).toEqual(
    new Set([
      "AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-2/",
      "AWSLogs/o-exampleorgid/111122223333/CloudTrail-Digest/eu-west-2/",
      "AWSLogs/o-exampleorgid/444455556666/CloudTrail/us-east-1/",
      "AWSLogs/o-exampleorgid/444455556666/CloudTrail-Digest/us-east-1/",
      ...["agent-events", "contact-events", "contact-records", "flow-logs"].flatMap((wire) => [
        `${wire}/example//HH`,
        `${wire}/example-us//HH`,
      ]),
      "truth.ndjson",
      "simulation.json",
      "cloudtrail-public-keys.json",
    ]),
  );
  const trail = [...first.keys()].find((path) => path.includes("/CloudTrail/")) ?? "";
  expect(trail.split("/").at(-1)).toMatch(/^\d{12}_CloudTrail_[a-z0-9-]+_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz$/);
});

test("agent events stand one after another without a delimiter", () => {
  const [path = "", bytes = Buffer.alloc(0)] =
    [...first].find(([name]) => name.startsWith("agent-events/example/")) ?? [];
  expect(path).toMatch(/\/agent-events-example-1-2026-11-02-\d\d-\d\d-\d\d-[0-9a-f-]{36}$/);
  expect(bytes.toString()).toMatch(/^\{"AWSAccountId".*"Version":"2017-10-01"\}\{"AWSAccountId"/s);
  expect(bytes.includes("\n")).toBe(false);
});

test("flow logs are gzip members of subscription payloads", () => {
  const bytes = [...first].find(([name]) => name.startsWith("flow-logs/"))?.[1] ?? Buffer.alloc(0);
  const text = gunzipSync(bytes).toString();
  expect(text.match(/"messageType":"DATA_MESSAGE"/g)?.length).toBeGreaterThan(1);
});

test("CloudTrail files are unordered, and some of their records come twice", () => {
  const files = [...first].filter(([path]) => path.includes("/CloudTrail/"));
  const records = files.map(
    ([, bytes]): { eventID: string; eventTime: string }[] => JSON.parse(gunzipSync(bytes).toString()).Records,
  );
  const isSorted = (times: readonly string[]) =>
    times.every((time, index) => index === 0 || time >= (times[index - 1] ?? ""));
  expect(
    records.filter((some) => some.length > 3).some((some) => isSorted(some.map(({ eventTime }) => eventTime))),
  ).toBe(false);
  const ids = records.flat().map(({ eventID }) => eventID);
  expect(new Set(ids).size).toBeLessThan(ids.length);
});

test("the download is the library's: an array indented by four, of the same entries", () => {
  const [path = "", bytes = Buffer.alloc(0)] = [...first].find(([name]) => name.endsWith("agent-log.txt")) ?? [];
  expect(bytes.toString()).toMatch(/^\[\n {4}\{\n {8}"component": "(ccp|softphone)",\n/);
  const entries: { text: string }[] = JSON.parse(bytes.toString());
  const batches = [...first].filter(
    ([name]) => name.startsWith(path.replace("agent-log.txt", "")) && name.endsWith(".ndjson"),
  );
  const sent = new Set(batches.flatMap(([, lines]) => lines.toString().trimEnd().split("\n")));
  expect(entries.filter((entry) => !sent.has(JSON.stringify(entry)))).toEqual([]);
});

interface Digest {
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly digestS3Object: string;
  readonly digestPublicKeyFingerprint: string;
  readonly previousDigestS3Object: string | null;
  readonly previousDigestSignature: string | null;
  readonly previousDigestHashValue: string | null;
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[];
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const contentOf = (path: string) => gunzipSync(first.get(path) ?? Buffer.alloc(0));
const digestPaths = () =>
  [...first.keys()].filter((path) => path.includes("CloudTrail-Digest") && path.endsWith(".gz"));
const digestOf = (path: string): Digest => JSON.parse(contentOf(path).toString());

test("every digest has a signature that the public key beside it confirms", () => {
  const list = JSON.parse(first.get("cloudtrail-public-keys.json")?.toString() ?? "{}");
  const [key]: { Value: string; Fingerprint: string }[] = list.PublicKeyList;
  const der = Buffer.from(key?.Value ?? "", "base64");
  const publicKey = createPublicKey({ key: der, format: "der", type: "pkcs1" });
  expect(digestPaths().length).toBeGreaterThanOrEqual(4);
  for (const path of digestPaths()) {
    const digest = digestOf(path);
    const { signature } = JSON.parse(first.get(`${path}.metadata.json`)?.toString() ?? "{}");
    const place = `${digest.digestS3Bucket}/${digest.digestS3Object}`;
    const before = digest.previousDigestSignature ?? "null";
    const signed = `${digest.digestEndTime}\n${place}\n${sha256(contentOf(path))}\n${before}`;
    expect(verify("sha256", Buffer.from(signed), publicKey, Buffer.from(String(signature), "hex")), path).toBe(true);
    expect(digest.digestPublicKeyFingerprint).toBe(createHash("md5").update(der).digest("hex"));
  }
});

test("digests are chained by hash, and name every log file by its hash", () => {
  const digests = digestPaths().map(digestOf);
  const links = digests.filter((digest) => digest.previousDigestS3Object !== null);
  expect(digests.length - links.length).toBe(2);
  expect(links.map((digest) => sha256(contentOf(digest.previousDigestS3Object ?? "")))).toEqual(
    links.map(({ previousDigestHashValue }) => previousDigestHashValue),
  );
  const named = digests.flatMap(({ logFiles }) => logFiles);
  expect(named.map(({ s3Object }) => sha256(contentOf(s3Object)))).toEqual(named.map(({ hashValue }) => hashValue));
  const delivered = [...first.keys()].filter((path) => path.includes("/CloudTrail/"));
  expect(named.map(({ s3Object }) => s3Object).toSorted()).toEqual(delivered.toSorted());
});

test("a directory that holds something is not written to", async () => {
  const directory = await mkdtemp(join(root, "full-"));
  await writeFile(join(directory, "mine.txt"), "mine");
  const attempt = simulateToFiles({ settings: SETTINGS, directory, onProgress: () => undefined, processes: 1 });
  await expect(attempt).rejects.toMatchObject({ code: "output_not_empty" });
  expect(await readdir(directory)).toEqual(["mine.txt"]);
});
