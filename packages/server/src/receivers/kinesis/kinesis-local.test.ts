import { gzipSync } from "node:zlib";
import {
  DeleteStreamCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  MergeShardsCommand,
  ResourceNotFoundException,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { KinesisLocal } from "../../../test/kinesis-local.ts";
import { Oracle, rowsOf } from "../../../test/kinesis-oracle.ts";
import { KinesisRun, kinesisConfig, until } from "../../../test/kinesis-run.ts";
import { kplAggregate, kplMessage } from "../../../test/kpl.ts";

// Against kinesis-local, with an oracle that knows every id that was put: nothing lost, nothing doubled.

vi.setConfig({ testTimeout: 60_000 });

let kinesis: KinesisLocal;
const runs: KinesisRun[] = [];

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  kinesis = await KinesisLocal.start();
});

afterAll(async () => {
  for (const run of runs) await run.remove();
  await kinesis.stop();
});

async function createRun(stream: string, shards: number, fields: object = {}) {
  await kinesis.createStream(stream, shards);
  const run = await KinesisRun.create(kinesisConfig(kinesis.endpoint, stream, fields));
  runs.push(run);
  return { run, oracle: new Oracle(stream) };
}

async function complete(run: KinesisRun, oracle: Oracle): Promise<void> {
  await until(
    () => oracle.isComplete(run.store),
    () => run.receiver.status(),
  );
  await oracle.check(run.store);
}

async function openShards(stream: string) {
  const { Shards: shards = [] } = await kinesis.client.send(new ListShardsCommand({ StreamName: stream }));
  return shards.filter((shard) => shard.SequenceNumberRange?.EndingSequenceNumber === undefined);
}

/** Halves the open shard with the widest range. */
async function split(stream: string): Promise<void> {
  const shards = (await openShards(stream)).map((shard) => {
    const from = BigInt(shard.HashKeyRange?.StartingHashKey ?? 0);
    const to = BigInt(shard.HashKeyRange?.EndingHashKey ?? 0);
    return { id: shard.ShardId, from, width: to - from };
  });
  const widest = shards.reduce((best, shard) => (shard.width > best.width ? shard : best));
  await kinesis.client.send(
    new SplitShardCommand({
      StreamName: stream,
      ShardToSplit: widest.id,
      NewStartingHashKey: String(widest.from + widest.width / 2n + 1n),
    }),
  );
  await kinesis.untilActive(stream);
}

/** Joins the two open shards with the lowest ranges. */
async function merge(stream: string): Promise<void> {
  const shards = (await openShards(stream)).toSorted((left, right) => {
    const difference =
      BigInt(left.HashKeyRange?.StartingHashKey ?? 0) - BigInt(right.HashKeyRange?.StartingHashKey ?? 0);
    return difference < 0n ? -1 : 1;
  });
  await kinesis.client.send(
    new MergeShardsCommand({
      StreamName: stream,
      ShardToMerge: shards[0]?.ShardId,
      AdjacentShardToMerge: shards[1]?.ShardId,
    }),
  );
  await kinesis.untilActive(stream);
}

describe("a stream", () => {
  test("is read from its oldest record, every shard, and caught up with", async () => {
    const { run, oracle } = await createRun("plain", 3);
    await kinesis.put("plain", oracle.agentEvents(350));
    run.start();
    await complete(run, oracle);
    await kinesis.put("plain", oracle.agentEvents(50));
    await complete(run, oracle);
    await until(
      () => run.receiver.status().lagMs === 0,
      () => run.receiver.status(),
    );
    expect(run.receiver.status()).toMatchObject({
      name: "plain",
      type: "kinesis",
      state: "receiving",
      detail: null,
      appended: 400,
      duplicate: 0,
      rejected: 0,
      gaps: [],
    });
  });

  test("is resumed where a stopped receiver left it, without reading anything twice", async () => {
    const { run, oracle } = await createRun("restart", 2, { batch_records: 20 });
    await kinesis.put("restart", oracle.agentEvents(160));
    let duplicates = 0;
    for (let round = 0; round < 3; round++) {
      run.start();
      const { receiver } = run;
      await until(
        () => receiver.status().appended >= 40,
        () => receiver.status(),
      );
      await run.stop();
      duplicates += receiver.status().duplicate;
      expect(receiver.status().state).toBe("stopped");
      await kinesis.put("restart", oracle.agentEvents(30));
    }
    run.start();
    await complete(run, oracle);
    expect(duplicates + run.receiver.status().duplicate).toBe(0);
  });

  test("is resumed under load through splits and merges, in the order of each agent", async () => {
    const { run, oracle } = await createRun("reshard", 2, { batch_records: 25 });
    run.start();
    const reshards = [split, merge, split, split, merge];
    for (const [round, reshard] of reshards.entries()) {
      await Promise.all([kinesis.put("reshard", oracle.agentEvents(80)), reshard("reshard")]);
      if (round === 2) {
        await run.stop();
        await kinesis.put("reshard", oracle.agentEvents(40));
        await split("reshard");
        run.start();
      }
      await kinesis.put("reshard", oracle.agentEvents(40));
    }
    await complete(run, oracle);
    // each agent's events have one partition key; stored in order, a later one never has an earlier ingest time
    const disorder = await rowsOf(
      run.store,
      `select count(*) from (
         select ingested_time < lag(ingested_time) over (partition by agent_id order by event_time) as is_late
         from agent_event) where is_late`,
    );
    expect(disorder.flat().map(Number)).toEqual([0]);
    expect(run.receiver.status()).toMatchObject({ duplicate: 0, gaps: [], detail: null });
  });

  test("with agent events, contact records, flow logs and aggregates mixed is taken as it is", async () => {
    const { run, oracle } = await createRun("mixed", 1);
    const subscription = (type: string, messages: readonly object[]) =>
      gzipSync(
        JSON.stringify({
          messageType: type,
          owner: "111122223333",
          logGroup: "/aws/connect/centre",
          logStream: "s",
          subscriptionFilters: ["f"],
          logEvents: messages.map((message, index) => ({
            id: `3${String(index).padStart(55, "0")}`,
            timestamp: Date.UTC(2026, 10, 20, 9),
            message: typeof message === "string" ? message : JSON.stringify(message),
          })),
        }),
      );
    const flow = {
      ContactId: "c-1",
      ContactFlowId:
        "arn:aws:connect:us-east-2:012345678901:instance/11111111-2222-3333-4444-555555555555/contact-flow/f",
      ContactFlowName: "Main",
      ContactFlowModuleType: "SetQueue",
      Timestamp: "2026-11-20T09:00:00.000Z",
    };
    const aggregated = oracle.agentEvents(3).map(({ Data, PartitionKey }, index) => ({
      partitionKey: PartitionKey,
      data: Data,
      ...(index === 1 ? { hashKey: "1" } : {}),
    }));
    const data = [
      ...oracle.agentEvents(5).map((entry) => entry.Data),
      Buffer.from(oracle.contactRecord()),
      Buffer.from(oracle.agentEvent().text + oracle.contactRecord() + oracle.agentEvent().text),
      subscription("CONTROL_MESSAGE", [
        { note: "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream." },
      ]),
      subscription("DATA_MESSAGE", [flow]),
      kplAggregate(kplMessage(aggregated)),
      gzipSync(oracle.agentEvent().text),
    ];
    await kinesis.put(
      "mixed",
      data.map((Data) => ({ Data, PartitionKey: "one" })),
    );
    run.start();
    await complete(run, oracle);
    expect((await rowsOf(run.store, "select contact_id from flow_log")).flat()).toEqual(["c-1"]);
    expect(run.receiver.status()).toMatchObject({ rejected: 0, dropped: { control_message: 1 } });
  });

  test("that is deleted and created again is begun anew, and the gap is told", async () => {
    const { run, oracle } = await createRun("again", 1);
    await kinesis.put("again", oracle.agentEvents(20));
    run.start();
    await complete(run, oracle);
    await run.stop();
    await kinesis.client.send(new DeleteStreamCommand({ StreamName: "again" }));
    await until(
      () =>
        openShards("again").then(
          () => false,
          (error: unknown) => error instanceof ResourceNotFoundException,
        ),
      () => "not deleted",
    );
    // kinesis-local keeps the creation time to the second
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await kinesis.createStream("again", 1);
    await kinesis.put("again", oracle.agentEvents(20));
    run.start();
    await complete(run, oracle);
    expect(run.receiver.status().gaps).toMatchObject([
      { reason: "the stream was deleted and created again; its old records are gone" },
    ]);
    await run.stop();
    run.start();
    await until(
      () => run.receiver.status().state !== "starting",
      () => run.receiver.status(),
    );
    expect(run.receiver.status().gaps.length).toBe(1);
  });
});

describe("the start", () => {
  test("LATEST takes what comes from then on, also after a restart that nothing came before", async () => {
    const { run, oracle } = await createRun("latest", 1, { start: "LATEST" });
    await kinesis.put("latest", new Oracle("before").agentEvents(10));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    run.start();
    await until(
      () => run.receiver.status().lagMs === 0,
      () => run.receiver.status(),
    );
    await run.stop();
    await kinesis.put("latest", oracle.agentEvents(10));
    await split("latest");
    await kinesis.put("latest", oracle.agentEvents(10));
    run.start();
    await complete(run, oracle);
    expect(run.receiver.status()).toMatchObject({ appended: 20, duplicate: 0, gaps: [] });
  });

  test("AT_TIMESTAMP takes what came at that time and later", async () => {
    await kinesis.createStream("from-time", 1);
    await kinesis.put("from-time", new Oracle("before").agentEvents(10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start_time = new Date().toISOString();
    const oracle = new Oracle("after");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await kinesis.put("from-time", oracle.agentEvents(10));
    const fields = { start: "AT_TIMESTAMP", start_time };
    const run = await KinesisRun.create(kinesisConfig(kinesis.endpoint, "from-time", fields));
    runs.push(run);
    run.start();
    await complete(run, oracle);
    expect(run.receiver.status()).toMatchObject({ appended: 10, gaps: [] });
  });
});

describe("trouble", () => {
  test("a stream that is not there is told, and read once it is", async () => {
    const run = await KinesisRun.create(kinesisConfig(kinesis.endpoint, "later"));
    runs.push(run);
    const waits: number[] = [];
    run.start({
      sleep: async (ms) => {
        waits.push(ms);
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    await until(
      () => run.receiver.status().state === "waiting",
      () => run.receiver.status(),
    );
    expect(run.receiver.status().detail).toContain('kinesis stream "later" was not found');
    expect(run.receiver.status().detail).toContain("check receivers.later.stream");
    const oracle = new Oracle("later");
    await kinesis.createStream("later", 1);
    await kinesis.put("later", oracle.agentEvents(5));
    await complete(run, oracle);
    expect(run.receiver.status()).toMatchObject({ state: "receiving", detail: null });
    expect(Math.max(...waits)).toBeGreaterThan(5_000);
  });

  test("a longer retention is taken note of and harms nothing", async () => {
    const { run, oracle } = await createRun("retention", 1);
    await kinesis.client.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName: "retention", RetentionPeriodHours: 48 }),
    );
    await kinesis.untilActive("retention");
    await kinesis.put("retention", oracle.agentEvents(5));
    run.start();
    await complete(run, oracle);
    expect(run.receiver.status().gaps).toEqual([]);
  });
});
