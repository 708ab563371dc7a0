import { AppError } from "@fourwire/core";
import { expect, test } from "vitest";
import { FROM_OLDEST, parsePosition, formatPosition, type ShardPosition } from "./shard-position.ts";
import { StreamPositions } from "./stream-positions.ts";

const { signal } = new AbortController();
const after = (sequenceNumber: string): ShardPosition => ({ kind: "after", sequenceNumber, seenTime: 7 });

/** A store in memory, whose saves end when the test lets them. */
function createStore() {
  const held = new Map<string, string>();
  const saves: { readonly positions: ReadonlyMap<string, string>; end(error?: Error): void }[] = [];
  const sleeps: number[] = [];
  const positionStore = {
    receiver: "agents",
    sleep: (ms: number) => {
      sleeps.push(ms);
      return Promise.resolve();
    },
    checkpoints: {
      load: () => Promise.resolve(new Map(held)),
      save: (_receiver: string, positions: ReadonlyMap<string, string>) =>
        new Promise<void>((resolve, reject) => {
          const end = (error?: Error): void => {
            if (error !== undefined) return reject(error);
            for (const [key, value] of positions) held.set(key, value);
            resolve();
          };
          saves.push({ positions, end });
        }),
      remove: (_receiver: string, keys: readonly string[]) => {
        for (const key of keys) held.delete(key);
        return Promise.resolve();
      },
    },
  };
  return { positionStore, held, saves, sleeps };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what is saved while another save runs shares the next one", async () => {
  const { positionStore, saves, held } = createStore();
  const positions = await StreamPositions.load(positionStore);
  const all = ["a", "b", "c"].map((id) => positions.saveShards(new Map([[id, after("1")]]), signal));
  await turn();
  expect(saves.map((save) => [...save.positions.keys()])).toEqual([["shard:a", "shard:b", "shard:c"]]);
  const late = positions.saveShards(new Map([["a", after("2")]]), signal);
  await turn();
  expect(saves.length).toBe(1);
  saves[0]?.end();
  await Promise.all(all);
  await turn();
  saves[1]?.end();
  await late;
  expect(parsePosition(held.get("shard:a") ?? "")).toEqual(after("2"));
});

test("a refused save is tried again by whoever waits for it", async () => {
  const { positionStore, saves, held, sleeps } = createStore();
  const positions = await StreamPositions.load(positionStore);
  const saving = positions.saveShards(new Map([["a", after("1")]]), signal);
  await turn();
  saves[0]?.end(new AppError("store_write_failed", "full", { retryable: true }));
  await turn();
  await turn();
  expect(positions.shards.has("a")).toBe(false);
  saves[1]?.end();
  await saving;
  expect(held.has("shard:a")).toBe(true);
  expect(sleeps).toEqual([250]);
});

test("a stop ends the trying, a closed store is not tried again", async () => {
  const { positionStore, saves } = createStore();
  const positions = await StreamPositions.load(positionStore);
  const stopping = new AbortController();
  const saving = positions.saveShards(new Map([["a", after("1")]]), stopping.signal);
  await turn();
  stopping.abort();
  saves[0]?.end(new AppError("store_write_failed", "full", { retryable: true }));
  await expect(saving).rejects.toThrow("aborted");
  const closed = positions.saveShards(new Map([["a", after("1")]]), signal);
  await turn();
  saves[1]?.end(new AppError("store_closed", "closed"));
  await expect(closed).rejects.toThrow("closed");
});

test("another stream begins without the shards of the last one, but with its gaps", async () => {
  const { positionStore, saves, held } = createStore();
  const endAll = setInterval(() => {
    for (const save of saves.splice(0)) save.end();
  }, 0);
  const positions = await StreamPositions.load(positionStore);
  await positions.begin({ arn: "one", createdTime: 1 }, new Map([["a", FROM_OLDEST]]), signal);
  await positions.saveGap({ from: 1, to: 2, reason: "expired" }, signal);
  await positions.begin({ arn: "two", createdTime: 2 }, new Map([["b", FROM_OLDEST]]), signal);
  clearInterval(endAll);
  expect([...held.keys()].toSorted()).toEqual(["gaps", "shard:b", "stream"]);
  const loaded = await StreamPositions.load(positionStore);
  expect(loaded.identity).toEqual({ arn: "two", createdTime: 2 });
  expect(loaded.gaps).toEqual([{ from: 1, to: 2, reason: "expired" }]);
  expect([...loaded.shards]).toEqual([["b", FROM_OLDEST]]);
});

test.each<ShardPosition>([
  FROM_OLDEST,
  after("49590338271490256608559692538361571095921575989136588898"),
  { kind: "ended" },
  { kind: "start", from: "AT_TIMESTAMP", time: 5, seenTime: 6 },
])("position %j is read as it was written", (position) => {
  expect(parsePosition(formatPosition(position))).toEqual(position);
});

test("LATEST is the time of its start when it is read again", () => {
  const latest: ShardPosition = { kind: "start", from: "LATEST", time: 5, seenTime: 5 };
  expect(parsePosition(formatPosition(latest))).toEqual({ ...latest, from: "AT_TIMESTAMP" });
});

test("a position that nobody wrote is refused", () => {
  expect(() => parsePosition('{"kind":"after"}')).toThrow("Invalid input");
});
