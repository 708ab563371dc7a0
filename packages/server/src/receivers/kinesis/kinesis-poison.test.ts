import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { DescribeStreamSummaryCommand, PutRecordCommand, UpdateMaxRecordSizeCommand } from "@aws-sdk/client-kinesis";
import { AppError } from "@fourwire/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { KinesisLocal } from "../../../test/kinesis-local.ts";
import { Oracle, rowsOf } from "../../../test/kinesis-oracle.ts";
import { KinesisRun, kinesisConfig, until } from "../../../test/kinesis-run.ts";
import { kplAggregate, kplMessage } from "../../../test/kpl.ts";
import { deliver } from "../deliver.ts";

// One bad record between two good ones: the shard goes on, the good ones are stored, the bad one is kept.

vi.setConfig({ testTimeout: 60_000 });

let kinesis: KinesisLocal;
let run: KinesisRun;
const oracle = new Oracle("poison");

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test";
  process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  kinesis = await KinesisLocal.start();
  await kinesis.createStream("poison", 1);
  const { StreamDescriptionSummary: found } = await kinesis.client.send(
    new DescribeStreamSummaryCommand({ StreamName: "poison" }),
  );
  await kinesis.client.send(
    new UpdateMaxRecordSizeCommand({ StreamARN: found?.StreamARN, MaxRecordSizeInKiB: 10_240 }),
  );
  await kinesis.untilActive("poison");
  run = await KinesisRun.create(kinesisConfig(kinesis.endpoint, "poison"));
  run.start();
});

afterAll(async () => {
  await run.remove();
  await kinesis.stop();
});

async function complete(): Promise<void> {
  await until(
    () => oracle.isComplete(run.store),
    () => run.receiver.status(),
  );
  await oracle.check(run.store);
}

async function putBetweenGoodOnes(bytes: Uint8Array): Promise<string | undefined> {
  await kinesis.put("poison", oracle.agentEvents(1));
  const { SequenceNumber } = await kinesis.client.send(
    new PutRecordCommand({ StreamName: "poison", PartitionKey: "bad", Data: bytes }),
  );
  await kinesis.put("poison", oracle.agentEvents(1));
  await complete();
  return SequenceNumber;
}

/** Reasons of the rejections of a Kinesis record, or of parts of it. */
async function reasonsOf(sequenceNumber: string | undefined): Promise<readonly unknown[]> {
  const sql = `select distinct reason from rejected_record where origin like 'kinesis:poison/shardId-000000000000/${sequenceNumber}%' order by 1`;
  return (await rowsOf(run.store, sql)).flat();
}

const event = (fields: object) =>
  Buffer.from(JSON.stringify({ ...JSON.parse(new Oracle("x").agentEvent().text), ...fields }));
/** A bracket among them could begin a value, which has a reason of its own. */
const bytesWithoutBrackets = (count: number) =>
  randomBytes(count).map((byte) => (byte === 0x5b || byte === 0x7b ? 0 : byte));
const part = (text: string | Uint8Array) => ({ partitionKey: "p", data: Buffer.from(text) });

describe("one bad record", () => {
  test.each<[string, () => Uint8Array, readonly string[]]>([
    ["random bytes", () => Buffer.concat([Buffer.from([0x80]), bytesWithoutBrackets(2000)]), ["invalid_json"]],
    ["broken gzip", () => Buffer.from("1f8b0800000000000003ffffffff", "hex"), ["corrupt_gzip"]],
    ["a gzip bomb of zeros", () => gzipSync(Buffer.alloc(140 * 1024 * 1024)), ["inflate_limit"]],
    ["a gzip bomb of values", () => gzipSync("{}\n".repeat(500_000)), ["too_many_rejected", "unknown_shape"]],
    ["bytes that are not UTF-8", () => Buffer.from('{"EventId":"caf\xe9"}', "latin1"), ["invalid_utf8"]],
    ["JSON of another kind", () => Buffer.from('{"hello":"world"}'), ["unknown_shape"]],
    ["a JSON null", () => Buffer.from("null"), ["invalid_json"]],
    ["a torn record", () => event({}).subarray(0, 100), ["invalid_json"]],
    ["deep nesting", () => Buffer.from(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`), ["too_deep"]],
    // the emulator takes half a minute for ten times as much; deliver.test.ts has the largest record
    ["a megabyte and more of text", () => Buffer.alloc(1_100_000, "a"), ["invalid_json"]],
    ["an agent event without a time", () => event({ EventTimestamp: undefined }), ["missing_field"]],
    ["an agent event of the year 275760", () => event({ EventTimestamp: "+275760-09-13T00:00:00.000Z" }), ["bad_time"]],
    [
      "an aggregate with a wrong checksum",
      () => Buffer.concat([kplAggregate(kplMessage([part("{}")])).subarray(0, -1), Buffer.from([0])]),
      ["corrupt_aggregate"],
    ],
    [
      "an aggregate of nothing readable",
      () => kplAggregate(kplMessage([part("no"), part("\xff\xfe")])),
      ["invalid_json"],
    ],
  ])("is rejected alone: %s", async (_name, make, reasons) => {
    expect(await reasonsOf(await putBetweenGoodOnes(make()))).toEqual(reasons);
  });

  test.each<[string, () => Uint8Array]>([
    [
      "an event with __proto__ in it",
      () => Buffer.from(`{"__proto__":{"EventId":"y"},${event({ EventId: "proto" }).toString().slice(1)}`),
    ],
    ["an event with halves of characters and NUL in its texts", () => event({ EventId: "halves \ud83d \u0000 end" })],
    [
      "a contact record with a queue time of 1e300",
      () => Buffer.from(new Oracle("z").contactRecord().replace("{", '{"Queue":{"Name":"Q","Duration":1e300},')),
    ],
  ])("of a strange kind never stops the shard: %s", async (_name, make) => {
    await kinesis.put("poison", oracle.agentEvents(1));
    await kinesis.put("poison", [{ Data: make(), PartitionKey: "bad" }]);
    await kinesis.put("poison", oracle.agentEvents(1));
    await until(
      () => oracle.isComplete(run.store),
      () => run.receiver.status(),
    );
    const counts = await rowsOf(
      run.store,
      "select count(*), count(distinct original_id) from agent_event where original_id like 'poison-%'",
    );
    expect(counts.flat().map(Number)).toEqual([oracle.issuedCount, oracle.issuedCount]);
  });
});

test("while the store refuses, nothing more is read, and nothing is lost or doubled", async () => {
  await kinesis.createStream("refusing", 1);
  const config = kinesisConfig(kinesis.endpoint, "refusing", { batch_records: 10 });
  const refused = await KinesisRun.create(config);
  const issued = new Oracle("refusing");
  await kinesis.put("refusing", issued.agentEvents(60));
  const { store, tail } = refused.server.context;
  let isFull = true;
  let offers = 0;
  const full = new AppError("store_write_failed", "cannot store records: no space left", { retryable: true });
  const target = {
    tail,
    store: {
      isBusy: false,
      append: (request: Parameters<typeof store.append>[0]) => {
        offers++;
        return isFull ? Promise.reject(full) : store.append(request);
      },
    },
  };
  refused.start({ deliver: (messages, signal, onRefused) => deliver(target, messages, signal, onRefused) });
  await until(
    () => offers >= 3,
    () => refused.receiver.status(),
  );
  expect(refused.receiver.status()).toMatchObject({ state: "failing", appended: 0 });
  expect(refused.receiver.status().detail).toContain("no space left");
  const saved = (await store.checkpoints.load("refusing")).get("shard:shardId-000000000000");
  expect(JSON.parse(saved ?? "null")).toMatchObject({ kind: "start" });
  isFull = false;
  await until(
    () => issued.isComplete(store),
    () => refused.receiver.status(),
  );
  await issued.check(store);
  expect(refused.receiver.status()).toMatchObject({ state: "receiving", detail: null, duplicate: 0 });
  await refused.remove();
});
