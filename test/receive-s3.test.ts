import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../packages/server/src/cli/open-store.ts";
import { S3Emulator, S3_KEY } from "../packages/server/test/s3-emulator.ts";
import { trailFile, trailKey, trailRecord } from "../packages/server/test/trail-files.ts";
import { fourwire, startFourwire, startServer, temporaryFolder, type RunningServer } from "./command.ts";
import { seededRandom } from "./seeded-random.ts";

// A server that reads a bucket is killed at random points, as a power failure does, and started again.

const ROUNDS = 8;
const FILES = 400;
const RECORDS_PER_FILE = 5;
const SEED = 20_261_125;
const TEST_TIMEOUT_MS = 240_000;
const BUCKET = "trail";

let s3: S3Emulator;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const issued: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder("receive-s3");
  s3 = await S3Emulator.start([BUCKET]);
  const now = Date.now();
  for (let index = 0; index < FILES; index++) {
    const time = now - (FILES - index) * 5 * 60_000;
    const region = index % 4 === 0 ? "us-east-1" : "eu-west-2";
    const ids = Array.from({ length: RECORDS_PER_FILE }, (_, record) => `event-${index}-${record}`);
    issued.push(...ids);
    await s3.put(BUCKET, trailKey({ time, region, index }), trailFile(ids.map((id) => trailRecord(id, time))));
  }
});

afterAll(async () => {
  await s3.stop();
  await folder.remove();
});

async function writeConfig(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  await writeFile(join(data, "secret"), S3_KEY.secretAccessKey);
  await writeFile(
    join(data, "fourwire.yaml"),
    `receivers:
  - name: trail
    type: s3_cloudtrail
    bucket: ${BUCKET}
    region: eu-west-2
    endpoint: ${s3.endpoint}
    force_path_style: true
    checksums: when_required
    start: oldest
    credentials:
      access_key_id: ${S3_KEY.accessKeyId}
      secret_access_key: { file: ${join(data, "secret")} }
`,
  );
}

async function countStored(server: RunningServer): Promise<number> {
  const response = await fetch(`${server.url}/v1/query`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ sql: "select count(*) from cloudtrail" }),
  });
  const { rows } = (await response.json()) as { rows: (number | undefined)[][] };
  return rows[0]?.[0] ?? 0;
}

/** Ids of the store, each as often as it is stored. */
async function storedIds(data: string): Promise<readonly string[]> {
  const store = await openStore({ path: data, command: "test" });
  const { rows } = await store.query({
    sql: "select original_id from cloudtrail",
    limit: 100_000,
    timeoutMs: 60_000,
  });
  await store.close();
  return rows.map(([id]) => String(id));
}

/** Resolves when the time has passed or the server is gone. */
async function atMost(milliseconds: number, server: RunningServer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    once(server.child, "exit"),
    new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))),
  ]);
  clearTimeout(timer);
}

test(
  `killed ${ROUNDS} times while it reads a bucket, the server has every record exactly once`,
  async () => {
    const data = join(folder.path, "served");
    await writeConfig(data);
    const sizes: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const server = await startServer(data);
      await atMost(150 + 500 * seededRandom(SEED + round)(), server);
      await server.kill();
      const ids = await storedIds(data);
      expect(ids.length, `seed ${SEED + round}`).toBe(new Set(ids).size);
      sizes.push(ids.length);
    }
    // kills before the first commit or after the last prove nothing
    expect(sizes.filter((size) => size > 0 && size < issued.length).length).toBeGreaterThan(1);
    const server = await startServer(data);
    for (let waits = 0; waits < 600 && (await countStored(server)) < issued.length; waits++) await pause(100);
    await server.stop();
    expect((await storedIds(data)).toSorted()).toEqual(issued.toSorted());
  },
  TEST_TIMEOUT_MS,
);

test(
  "an import of the bucket, killed and run again, stores every record once and says what it left out",
  async () => {
    process.env["AWS_ACCESS_KEY_ID"] = S3_KEY.accessKeyId;
    process.env["AWS_SECRET_ACCESS_KEY"] = S3_KEY.secretAccessKey;
    const digest = trailKey({ time: Date.now() }).replaceAll("CloudTrail", "CloudTrail-Digest");
    await s3.put(BUCKET, digest, trailFile([trailRecord("digest", Date.now())]));
    const data = join(folder.path, "imported");
    const address = `s3://${BUCKET}/AWSLogs`;
    const args = ["import", address, "--endpoint", s3.endpoint, "--data", data, "--json"];
    const cutOff = startFourwire(args);
    await Promise.race([cutOff.ended, pause(2500)]);
    cutOff.child.kill("SIGKILL");
    await cutOff.ended;
    const again = await fourwire(...args);
    expect(again, again.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(again.stdout)).toMatchObject({
      files: FILES,
      skipped: [{ path: address, reason: "1 digest files of CloudTrail" }],
      failed: [],
    });
    expect((await storedIds(data)).toSorted()).toEqual(issued.toSorted());
    const missing = await fourwire("import", `s3://${BUCKET}/nothing`, "--endpoint", s3.endpoint, "--data", data);
    expect(missing).toMatchObject({ exitCode: 1 });
    expect(missing.stderr).toContain("no object under");
  },
  TEST_TIMEOUT_MS,
);
