import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";
import { ShardGraph } from "./shard-graph.ts";

test("a split: the children wait for the parent", () => {
  const graph = new ShardGraph();
  graph.add([
    { id: "0", parents: [] },
    { id: "1", parents: ["0"] },
    { id: "2", parents: ["0"] },
  ]);
  expect(graph.takeReady()).toEqual(["0"]);
  expect(graph.takeReady()).toEqual([]);
  graph.end("0");
  expect(graph.takeReady()).toEqual(["1", "2"]);
});

test("a merge: the child waits for both parents", () => {
  const graph = new ShardGraph();
  graph.add([
    { id: "0", parents: [] },
    { id: "1", parents: [] },
    { id: "2", parents: ["0", "1"] },
  ]);
  expect(graph.takeReady()).toEqual(["0", "1"]);
  graph.end("1");
  expect(graph.takeReady()).toEqual([]);
  graph.end("0");
  expect(graph.takeReady()).toEqual(["2"]);
});

test("a parent that nobody lists holds up nobody", () => {
  const graph = new ShardGraph();
  graph.add([{ id: "7", parents: ["3"] }]);
  expect(graph.takeReady()).toEqual(["7"]);
});

test("a shard that is told twice is one", () => {
  const graph = new ShardGraph();
  expect(graph.add([{ id: "0", parents: [] }])).toEqual(["0"]);
  graph.takeReady();
  expect(graph.add([{ id: "0", parents: [] }])).toEqual([]);
  expect(graph.takeReady()).toEqual([]);
});

test("whatever the reshards, every shard is read once and after its parents", () => {
  // each number makes a shard of one or two earlier ones
  assert(
    property(array(integer({ min: 0, max: 1000 }), { maxLength: 30 }), (seeds) => {
      const shards = seeds.map((seed, index) => ({
        id: String(index),
        parents:
          index === 0 ? [] : [...new Set([seed % index, (seed * 7) % index])].slice(0, 1 + (seed % 2)).map(String),
      }));
      const graph = new ShardGraph();
      graph.add(shards.toReversed());
      const read: string[] = [];
      for (let ready = graph.takeReady(); ready.length > 0; ready = graph.takeReady()) {
        for (const id of ready) {
          read.push(id);
          graph.end(id);
        }
      }
      expect(read.toSorted()).toEqual(shards.map(({ id }) => id).toSorted());
      for (const { id, parents } of shards)
        for (const parent of parents) expect(read.indexOf(parent)).toBeLessThan(read.indexOf(id));
    }),
  );
});
