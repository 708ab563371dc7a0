import {
  AccessDeniedException,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  InvalidArgumentException,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  type Shard,
} from "@aws-sdk/client-kinesis";
import { AppError } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { aws, HOUR, records, Stage, START } from "../../../test/kinesis-stage.ts";

// What no emulator does on demand: faults in a chosen order, on a clock of our own.

const $metadata = { httpStatusCode: 400 };
const throttled = new ProvisionedThroughputExceededException({ message: "rate exceeded", $metadata });
const unknownSequence = new InvalidArgumentException({ message: "not from this stream", $metadata });
const full = new AppError("store_write_failed", "cannot store records: no space", { retryable: true });

let stage: Stage;

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.receiver.stop());

describe("reading", () => {
  test("an iterator that expired is asked for again, behind the last record", async () => {
    await stage.play(records("a", "b"), new ExpiredIteratorException({ message: "old", $metadata }), records("c"));
    expect(stage.delivered).toEqual(["a", "b", "c"]);
    expect(
      stage.iterators.map(({ ShardIteratorType, StartingSequenceNumber }) => [
        ShardIteratorType,
        StartingSequenceNumber,
      ]),
    ).toEqual([
      ["TRIM_HORIZON", undefined],
      ["AFTER_SEQUENCE_NUMBER", "4957b"],
    ]);
    expect(stage.receiver.status().detail).toBeNull();
  });

  test("an iterator that expired before any record came begins anew", async () => {
    await stage.play(new ExpiredIteratorException({ message: "old", $metadata }), records("a"));
    expect(stage.delivered).toEqual(["a"]);
  });

  test("an empty answer that is behind is followed by the next at once, at five reads a second", async () => {
    const empty = { Records: [], MillisBehindLatest: 5000 };
    await stage.play(empty, empty, records("a"));
    expect(stage.delivered).toEqual(["a"]);
    expect(stage.sleeps.filter((ms) => ms > 0 && ms < 1000)).toEqual([200, 200]);
  });

  test("throttling slows down, more each time, keeps the iterator, and is no trouble at first", async () => {
    await stage.play(records("a"), throttled, throttled, records("b"));
    expect([...stage.told].filter((told) => told.startsWith("failing"))).toEqual([]);
    const waits = stage.sleeps.filter((ms) => ms >= 500 && ms !== 1000 && ms !== 30_000);
    expect(waits).toEqual([expect.closeTo(750, -2.8), expect.closeTo(1500, -3.1)]);
    expect(stage.iterators.length).toBe(1);
    expect(stage.delivered).toEqual(["a", "b"]);
  });

  test("throttling that lasts is failing, and passes", async () => {
    await stage.play(throttled, throttled, throttled, throttled, throttled, records("a"));
    expect([...stage.told].some((told) => /^failing: kinesis:GetRecords .* is throttled/.test(told))).toBe(true);
    expect(stage.delivered).toEqual(["a"]);
    expect(stage.receiver.status()).toMatchObject({ state: "receiving", detail: null });
  });

  test("a denial is told with what to allow, and asked again slowly", async () => {
    const denied = new AccessDeniedException({ message: "no", $metadata });
    aws.on(GetRecordsCommand).rejects(denied);
    stage.receiver.start();
    await until(() => stage.receiver.status().state === "denied");
    await stage.receiver.stop();
    expect(stage.sleeps.filter((ms) => ms >= 5_000 && ms < 30_000).length).toBeGreaterThan(0);
  });

  test("lag is the largest over the shards", async () => {
    stage.shards = ["shard-0", "shard-1"].map((ShardId) => ({
      ShardId,
      HashKeyRange: undefined,
      SequenceNumberRange: undefined,
    }));
    let asked = 0;
    aws.on(GetRecordsCommand).callsFake(() => ({
      Records: [],
      NextShardIterator: "next",
      MillisBehindLatest: asked++ % 2 === 0 ? 90_000 : 0,
    }));
    stage.receiver.start();
    await until(() => stage.receiver.status().state === "behind");
    expect(stage.receiver.status().lagMs).toBe(90_000);
    await stage.receiver.stop();
  });
});

describe("the position", () => {
  test("is not ahead of what is stored", async () => {
    let seen: unknown;
    stage.deliveries.push(() => {
      seen = stage.position();
      return Promise.reject(new Error("the process ends here"));
    });
    await stage.play(records("a", "b"), records("a", "b"));
    expect(seen).toMatchObject({ kind: "start" });
    expect(stage.delivered).toEqual(["a", "b"]);
    expect(stage.iterators.map(({ ShardIteratorType }) => ShardIteratorType)).toEqual(["TRIM_HORIZON", "TRIM_HORIZON"]);
    expect(stage.position()).toMatchObject({ kind: "after", sequenceNumber: "4957b" });
  });

  test("that cannot be saved is tried again before anything else is read", async () => {
    await stage.play();
    stage.saveFaults.push(full, full, full);
    await stage.play(records("a"), records("b"));
    expect(stage.delivered).toEqual(["a", "b"]);
    expect(stage.position()).toMatchObject({ sequenceNumber: "4957b" });
    expect(stage.sleeps).toEqual(expect.arrayContaining([250, 500, 1000]));
  });

  test("of an idle shard moves on in time, so that no gap is seen where nothing happened", async () => {
    await stage.play(records("a"));
    stage.now += 23 * HOUR;
    await stage.play();
    await stage.play();
    await stage.restart();
    stage.now += 23 * HOUR;
    await stage.play(records("b"));
    expect(stage.receiver.status().gaps).toEqual([]);
    expect(stage.iterators[0]).toMatchObject({
      ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
      StartingSequenceNumber: "4957a",
    });
  });
});

describe("a gap", () => {
  const late = (hours: number) => ({
    Records: [
      {
        SequenceNumber: "4957late",
        Data: Buffer.from("late"),
        PartitionKey: "p",
        ApproximateArrivalTimestamp: new Date(START + hours * HOUR),
      },
    ],
  });

  test("is told when the position is older than the stream keeps records", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.now = START + 72 * HOUR;
    await stage.play(late(60));
    const { gaps } = stage.receiver.status();
    expect(gaps.length).toBe(1);
    expect(gaps[0]?.from).toBeLessThan(START + HOUR);
    expect(gaps[0]?.to).toBeGreaterThanOrEqual(START + 48 * HOUR);
    expect(gaps[0]?.to).toBeLessThan(START + 49 * HOUR);
    expect(gaps[0]?.reason).toContain("shard-0");
    expect(stage.delivered).toEqual(["a", "late"]);
  });

  test.each([
    ["is told when records expired while the store took none for too long", 60, 1],
    ["is none when what came directly after is still there", 40, 0],
  ])("%s", async (_name, hours, count) => {
    await stage.play();
    stage.deliveries.push(() => {
      stage.now = START + 72 * HOUR;
      return Promise.resolve({ appended: 1, duplicate: 0, rejected: 0, dropped: {} });
    });
    await stage.play(records("a"), late(hours));
    expect(stage.delivered).toEqual(["late"]);
    expect(stage.receiver.status().gaps.length).toBe(count);
  });

  test("is told again after a restart, and once", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.now = START + 72 * HOUR;
    await stage.play(late(60));
    await stage.restart();
    await stage.play(late(61));
    expect(stage.receiver.status().gaps.length).toBe(1);
  });

  test("is none when records from before the position are still there", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.now = START + 72 * HOUR;
    stage.iteratorFaults.push(unknownSequence);
    await stage.play(late(-1));
    expect(stage.receiver.status().gaps).toEqual([]);
  });

  test("is told when the sequence number is refused; reading goes on at the oldest record", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.now += HOUR;
    stage.iteratorFaults.push(unknownSequence);
    await stage.play(late(0.5));
    expect(stage.iterators.map(({ ShardIteratorType }) => ShardIteratorType)).toEqual([
      "AFTER_SEQUENCE_NUMBER",
      "TRIM_HORIZON",
    ]);
    expect(stage.delivered).toEqual(["a", "late"]);
    expect(stage.receiver.status().gaps).toMatchObject([{ to: START + HOUR / 2 }]);
  });

  test("and a fresh start are made of a stream that was created again, even if it looks the same", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.createdTime = START + HOUR;
    stage.now = START + 2 * HOUR;
    await stage.play(records("b"));
    expect(stage.iterators.map(({ ShardIteratorType }) => ShardIteratorType)).toEqual(["TRIM_HORIZON"]);
    expect(stage.receiver.status().gaps).toMatchObject([{ to: START + HOUR }]);
  });

  test("of a stream that is created again while it is read is told, too", async () => {
    await stage.play(records("a"));
    stage.createdTime = START + 1;
    const gone = new ResourceNotFoundException({ message: "gone", $metadata });
    await stage.play(gone, records("b"));
    await stage.play(records("c"));
    expect(stage.receiver.status().gaps).toMatchObject([{ to: START + 1 }]);
    expect(stage.delivered.at(-1)).toBe("c");
  });
});

describe("shards", () => {
  const shard = (ShardId: string, parents: readonly string[] = [], isClosed = false): Shard => ({
    ShardId,
    ParentShardId: parents[0],
    AdjacentParentShardId: parents[1],
    HashKeyRange: undefined,
    SequenceNumberRange: { StartingSequenceNumber: "1", EndingSequenceNumber: isClosed ? "2" : undefined },
  });

  test("a merged child waits for both parents", async () => {
    stage.shards = [shard("shard-0", [], true), shard("shard-1", [], true), shard("shard-2", ["shard-0", "shard-1"])];
    const order: string[] = [];
    aws.on(GetRecordsCommand).callsFake(({ ShardIterator = "" }: { ShardIterator?: string }) => {
      const [id = ""] = ShardIterator.split(" ");
      order.push(id);
      return id === "shard-2"
        ? { ...records("c"), NextShardIterator: "shard-2 next", MillisBehindLatest: 0 }
        : { ...records(id), NextShardIterator: undefined, MillisBehindLatest: 0, ChildShards: [] };
    });
    stage.receiver.start();
    await until(() => stage.delivered.includes("c"));
    await stage.receiver.stop();
    expect(order.slice(0, 2).toSorted()).toEqual(["shard-0", "shard-1"]);
    expect(new Set(order.slice(2))).toEqual(new Set(["shard-2"]));
    expect(stage.position("shard-0")).toEqual({ kind: "ended" });
  });

  test("that ended are forgotten once Kinesis has forgotten them", async () => {
    stage.shards = [shard("shard-0", [], true), shard("shard-1", ["shard-0"])];
    await stage.play({ ...records("a"), NextShardIterator: undefined });
    await stage.play();
    expect(stage.position("shard-0")).toEqual({ kind: "ended" });
    await stage.restart();
    stage.shards = [shard("shard-1", ["shard-0"])];
    await stage.play(records("b"));
    await stage.play();
    expect(stage.position("shard-0")).toBeNull();
    expect(stage.delivered).toEqual(["a", "b"]);
  });

  test("that expired while nobody read them are told, and their children are read", async () => {
    await stage.play(records("a"));
    await stage.restart();
    stage.now = START + 72 * HOUR;
    stage.shards = [shard("shard-1", ["shard-0"])];
    const gone = new ResourceNotFoundException({ message: "no such shard", $metadata });
    aws.on(GetShardIteratorCommand).callsFake(({ ShardId }: { ShardId?: string }) => {
      if (ShardId === "shard-0") throw gone;
      return { ShardIterator: "shard-1 1" };
    });
    stage.turns.push(records("b"));
    stage.receiver.start();
    await until(() => stage.delivered.includes("b") && stage.receiver.status().detail === null);
    await stage.receiver.stop();
    expect(stage.receiver.status().gaps).toMatchObject([{ reason: "shard-0 expired before it was read to its end" }]);
    expect(stage.position("shard-0")).toBeNull();
  });
});
