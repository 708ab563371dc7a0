import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../packages/server/src/cli/open-store.ts";
import { KinesisLocal } from "../packages/server/test/kinesis-local.ts";
import { Oracle } from "../packages/server/test/kinesis-oracle.ts";
import { startServer, temporaryFolder } from "./command.ts";
import { seededRandom } from "./seeded-random.ts";

// A server that reads a stream and is killed in the middle of it, again and again: nothing lost, nothing doubled.

const ROUNDS = 6;
const SEED = 20_261_125;

/** Small batches, so that a kill at any moment meets one. */
const RECEIVER = { shards: 3, batch_records: 25 };

let kinesis: KinesisLocal;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  // the server's process takes them from here
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  folder = await temporaryFolder("kinesis-kill");
  kinesis = await KinesisLocal.start();
});

afterAll(async () => {
  await kinesis.stop();
  await folder.remove();
});

async function countStored(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/v1/query`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ sql: "select count(*) from agent_event", limit: 1 }),
  });
  const { rows } = (await response.json()) as { readonly rows: readonly (readonly unknown[])[] };
  return Number(rows[0]?.[0]);
}

async function untilStored(count: number, server: { readonly url: string; readonly token: string }): Promise<void> {
  while ((await countStored(server.url, server.token)) < count) await new Promise((resolve) => setTimeout(resolve, 50));
}

test("a server killed in the middle of a stream has every record once", { timeout: 200_000 }, async () => {
  const oracle = new Oracle("kill");
  const random = seededRandom(SEED);
  const data = join(folder.path, "data");
  const config = join(folder.path, "fourwire.yaml");
  await kinesis.createStream("kill", RECEIVER.shards);
  await writeFile(
    config,
    `receivers:
  - type: kinesis
    name: kill
    stream: kill
    region: us-east-1
    endpoint: ${kinesis.endpoint}
    poll_interval: 200ms
    batch_records: ${RECEIVER.batch_records}
`,
  );
  await kinesis.put("kill", oracle.agentEvents(450));
  let stored = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(data, ["--config", config]);
    const putting = kinesis.put("kill", oracle.agentEvents(30));
    // something of this round is on disk, then the kill comes at any moment
    await untilStored(Math.min(stored + 1, oracle.issuedCount), server);
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    stored = await countStored(server.url, server.token);
    await server.kill();
    await putting;
  }
  const server = await startServer(data, ["--config", config]);
  await untilStored(oracle.issuedCount, server);
  const { stderr } = await server.stop();
  const store = await openStore({ path: data, command: "test" });
  await oracle.check(store);
  await store.close();
  expect(stderr.replace(/\(node:\d+\) Warning: NodeVersionSupportWarning[\s\S]*/, "")).toBe("");
});
