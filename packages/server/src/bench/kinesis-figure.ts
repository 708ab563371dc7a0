import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { z } from "zod";
import { benchRecords, WRITERS } from "./bench-records.ts";
import type { DeliveryFigure } from "./delivery-figures.ts";
import { processCpuSeconds } from "./process-memory.ts";
import { startServed, type Served } from "./served.ts";

const STREAM = "bench";
const SHARDS = 4;
const RECORDS = 4000;
const PUT_AT_ONCE = 100;
const EVENT_STEP_MS = 20;
const START_MS = 60_000;
const CATCH_UP_MS = 300_000;

/**
 * Catching up with a stream of agent events that was filled before, over kinesis-local (npm), a Kinesis we did not write.
 * Undefined where that is not installed. What the emulator takes is in the rate and not in the server's processor time.
 */
export async function measureKinesis(command: string, folder: string): Promise<DeliveryFigure | undefined> {
  const emulatorFolder = findEmulator();
  if (emulatorFolder === undefined) return undefined;
  const port = await freePort();
  const emulator = spawn(process.execPath, ["main.js"], {
    cwd: emulatorFolder,
    env: {
      ...process.env,
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(await freePort()),
      LOG_LEVEL: "ERROR",
    },
    stdio: "ignore",
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new KinesisClient({
    endpoint,
    region: "us-east-1",
    credentials,
    requestHandler: new NodeHttpHandler(),
  });
  try {
    await untilUp(endpoint, emulator);
    const bytes = await fillStream(client);
    await mkdir(folder, { recursive: true });
    const config = join(folder, "kinesis.yaml");
    await writeFile(
      config,
      `receivers:\n  - type: kinesis\n    name: bench\n    stream: ${STREAM}\n    region: us-east-1\n    endpoint: ${endpoint}\n    poll_interval: 200ms\n`,
    );
    process.env["AWS_ACCESS_KEY_ID"] = credentials.accessKeyId;
    process.env["AWS_SECRET_ACCESS_KEY"] = credentials.secretAccessKey;
    const started = performance.now();
    const server = await startServed(command, join(folder, "kinesis"), ["--config", config]);
    try {
      await untilStored(server);
      const seconds = (performance.now() - started) / 1000;
      return {
        name: `Kinesis, agent events, catching up with ${SHARDS} shards of kinesis-local, start included`,
        records: RECORDS,
        recordsPerSecond: Math.round(RECORDS / seconds),
        megabytesPerSecond: Math.round(bytes / 1e5 / seconds) / 10,
        recordsPerServerCpuSecond: Math.round(RECORDS / (await processCpuSeconds(server.pid))),
      };
    } finally {
      await server.stop();
    }
  } finally {
    client.destroy();
    if (emulator.exitCode === null) {
      emulator.kill("SIGKILL");
      await once(emulator, "exit");
    }
  }
}

function findEmulator(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve("kinesis-local/package.json"));
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function untilUp(endpoint: string, emulator: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && emulator.exitCode === null) {
    const isUp = await fetch(endpoint, { signal: AbortSignal.timeout(1000) }).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  throw new Error("kinesis-local did not start");
}

async function fillStream(client: KinesisClient): Promise<number> {
  await client.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: SHARDS }));
  for (;;) {
    const { StreamDescriptionSummary: found } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: STREAM }),
    );
    if (found?.StreamStatus === "ACTIVE") break;
    await sleep(50);
  }
  const span = { count: RECORDS, from: Date.now() - RECORDS * EVENT_STEP_MS, stepMs: EVENT_STEP_MS, contacts: 200 };
  let bytes = 0;
  let batch: { readonly Data: Buffer; readonly PartitionKey: string }[] = [];
  for (const [index, text] of [...benchRecords(WRITERS.agent_event, span)].entries()) {
    const data = Buffer.from(text);
    bytes += data.length;
    batch.push({ Data: data, PartitionKey: `agent-${index % 200}` });
    if (batch.length < PUT_AT_ONCE && index + 1 < RECORDS) continue;
    const { FailedRecordCount: failed } = await client.send(
      new PutRecordsCommand({ StreamName: STREAM, Records: batch }),
    );
    if (failed !== undefined && failed > 0) throw new Error(`kinesis-local refused ${failed} records`);
    batch = [];
  }
  return bytes;
}

const answerSchema = z.object({ rows: z.array(z.array(z.coerce.number())) });

async function untilStored(server: Served): Promise<void> {
  const until = Date.now() + CATCH_UP_MS;
  while (Date.now() < until) {
    const response = await fetch(`${server.url}/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ sql: "select count(*) from agent_event", limit: 1 }),
    });
    const { rows } = answerSchema.parse(await response.json());
    if (rows[0]?.[0] === RECORDS) return;
    await sleep(100);
  }
  throw new Error("the stream was not caught up with");
}
