import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fourwire, temporaryFolder, type CommandOutcome } from "./command.ts";
import { seededRandom } from "./seeded-random.ts";

// What `fourwire import` is given is whatever lies in a folder. None of it may crash it, hang it or cost a good record.

const MEGABYTE = 1024 * 1024;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let count = 0;

beforeAll(async () => {
  folder = await temporaryFolder("nonsense");
});

afterAll(() => folder.remove());

interface Rejected {
  readonly reason: string;
  readonly detail: string;
  readonly size_bytes: number;
}

interface Imported {
  readonly outcome: CommandOutcome;
  /** Records stored by source. */
  readonly appended: Record<string, number>;
  readonly rejected: readonly Rejected[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

interface ReportJson {
  readonly records: Record<string, { readonly appended: number }>;
  readonly skipped: Imported["skipped"];
}

/** Imports a path into a directory of its own; fails on a stack trace, a hang or an exit code beyond 0 and 1. */
async function importPath(path: string): Promise<Imported> {
  const data = join(folder.path, `data-${count++}`);
  const outcome = await fourwire("import", path, "--data", data, "--json");
  expect(outcome.exitCode, outcome.stderr).toBeLessThanOrEqual(1);
  expect(outcome.stderr).not.toMatch(/^\s+at |Error:|undefined|\[object/m);
  expect(outcome.stderr).toMatch(outcome.exitCode === 0 ? /^$/ : /^fourwire: .+\n {2}\w+, see docs\/errors\.md#\w+\n$/);
  const report = JSON.parse(outcome.stdout) as ReportJson;
  const rejected = await fourwire("rejected", "--data", data, "--json");
  return {
    outcome,
    appended: Object.fromEntries(Object.entries(report.records).map(([source, counts]) => [source, counts.appended])),
    rejected: (JSON.parse(rejected.stdout) as { readonly rejected: readonly Rejected[] }).rejected,
    skipped: report.skipped,
  };
}

async function importBytes(name: string, bytes: Uint8Array | string): Promise<Imported> {
  const path = join(folder.path, name);
  await writeFile(path, bytes);
  return importPath(path);
}

function ccpLine(index: number): string {
  return JSON.stringify({
    component: "ccp",
    level: "INFO",
    text: `good ${index}`,
    time: new Date(Date.UTC(2026, 10, 20, 9) + index).toISOString(),
    loggerId: "n-1",
  });
}

function goodLines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `${ccpLine(from + index)}\n`).join("");
}

function noise(seed: number, length: number): Buffer {
  const random = seededRandom(seed);
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
}

/** A gzip file that inflates to so many megabytes of zeros, a thousand times its size. */
function bombOf(megabytes: number): Buffer {
  // one deflated megabyte without a final block, again and again
  const block = deflateRawSync(Buffer.alloc(MEGABYTE), { finishFlush: 2, level: 9 });
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    ...Array.from({ length: megabytes }, () => block),
  ]);
}

const DEEP = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;

describe("a file", () => {
  test.each([1, 2, 3])(
    "of random bytes (seed %i) is skipped by name, or rejected in part, and stores nothing",
    async (seed) => {
      const { appended, skipped, rejected } = await importBytes(`random-${seed}.bin`, noise(seed, 200_000));
      expect(Object.values(appended).reduce((sum, stored) => sum + stored, 0)).toBe(0);
      expect(skipped.length + rejected.length).toBeGreaterThan(0);
    },
  );

  test.each([4, 5])("of random bytes behind gzip's signature (seed %i) is corrupt", async (seed) => {
    const { rejected } = await importBytes(
      `random-${seed}.gz`,
      Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), noise(seed, 50_000)]),
    );
    expect(rejected).toMatchObject([{ reason: "corrupt_gzip" }]);
  });

  test("of random bytes between good lines costs the lines it is in", async () => {
    const lines = Buffer.concat([
      Buffer.from(goodLines(0, 50)),
      noise(6, 5000),
      Buffer.from(`\n${goodLines(50, 100)}`),
    ]);
    const { appended, rejected } = await importBytes("random-between.ndjson", lines);
    expect(appended["ccp_log"]).toBe(100);
    expect(new Set(rejected.map(({ reason }) => reason))).toContain("invalid_utf8");
  });

  test("of nothing is skipped", async () => {
    expect((await importBytes("empty.json", "")).skipped).toMatchObject([{ reason: "not JSON, gzip or log lines" }]);
    expect((await importBytes("empty.gz", gzipSync(""))).skipped.length).toBe(1);
  });

  test("of gzip that was cut off gives the records before the cut", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `${ccpLine(index)}\n`);
    const packed = gzipSync(lines.join(""));
    const { appended, rejected } = await importBytes("cut.gz", packed.subarray(0, packed.length * 0.75));
    expect(appended["ccp_log"]).toBeGreaterThan(14_000);
    expect(rejected.map(({ reason }) => reason).toSorted()).toEqual(["corrupt_gzip", "invalid_json"]);
  });

  test("with a line of 100 MB loses that line, and names the limit", async () => {
    const path = join(folder.path, "long-line.ndjson");
    const file = createWriteStream(path);
    file.write(`${goodLines(0, 10)}{"component":"ccp","text":"`);
    for (let written = 0; written < 100; written++) file.write(Buffer.alloc(MEGABYTE, 0x78));
    file.end(`"}\n${goodLines(10, 20)}`);
    await finished(file);
    const { appended, rejected } = await importPath(path);
    expect(appended["ccp_log"]).toBe(20);
    expect(rejected).toMatchObject([
      {
        reason: "too_large",
        detail: expect.stringMatching(/^record of 1048576\d\d bytes is larger than the limit of 16777216$/),
      },
    ]);
  });

  test("that is one line of 100 MB is rejected, and names the limit", async () => {
    const { rejected } = await importBytes("one-line.json", `{"text":"${"x".repeat(100 * MEGABYTE)}"}`);
    expect(rejected).toMatchObject([{ reason: "too_large", detail: expect.stringMatching(/limit of 16777216/) }]);
  });

  test.each([
    ["a line", `${ccpLine(1)}\n{"component":"ccp","objects":${DEEP}}\n${ccpLine(2)}\n`],
    ["an array", `[${ccpLine(1)},{"component":"ccp","objects":${DEEP}},${ccpLine(2)}]`],
    ["Records", `{"Records":[${ccpLine(1)},{"component":"ccp","objects":${DEEP}},${ccpLine(2)}]}`],
  ])("with JSON nested 10,000 deep in %s loses that record, and names the limit", async (name, text) => {
    const { appended, rejected } = await importBytes(`deep-${name.replaceAll(" ", "-")}.json`, text);
    expect(appended["ccp_log"]).toBe(2);
    expect(rejected).toMatchObject([{ reason: "too_deep", detail: "nested deeper than 256 levels" }]);
  });

  test("of nothing but brackets is rejected", async () => {
    for (const text of [DEEP, "[".repeat(MEGABYTE), '{"a":'.repeat(200_000), "]".repeat(1000), "{".repeat(1000)]) {
      const { rejected, skipped } = await importBytes("brackets.json", text);
      expect(rejected.length + skipped.length).toBeGreaterThan(0);
    }
  });

  test("with __proto__ and constructor as keys is data like any other", async () => {
    const hostile = `{"__proto__":{"source":"x","toString":1},"constructor":{"prototype":{"a":1}},${ccpLine(1).slice(1)}`;
    const { appended } = await importBytes(
      "proto.ndjson",
      `${hostile}\n${ccpLine(2)}\n{"__proto__":[]}\n{"__proto__":{"Records":[${ccpLine(3)}]}}\n`,
    );
    expect(appended["ccp_log"]).toBe(2);
  });

  test("that is a gzip bomb is stopped, and names the limit", async () => {
    const bomb = bombOf(320);
    expect(bomb.length).toBeLessThan(400_000);
    const { rejected, skipped } = await importBytes("bomb.gz", bomb);
    // zeros are no log: the file is given up as foreign at once, or at the limit
    expect([...rejected.map(({ detail }) => detail), ...skipped.map(({ reason }) => reason)].join()).toMatch(
      /inflates to more than 400 times its size|not JSON/,
    );
  });

  test("that is a gzip bomb behind good records gives those, and names the limit", async () => {
    const { appended, rejected } = await importBytes(
      "bomb-behind.gz",
      Buffer.concat([gzipSync(`${goodLines(0, 10)}{"component":"ccp","text":"`), bombOf(320)]),
    );
    expect(appended["ccp_log"]).toBe(10);
    expect(rejected.map(({ detail }) => detail).join()).toMatch(/inflates to more than 400 times its size/);
  });

  test("of bytes that are not UTF-8 loses the lines they are in", async () => {
    const bad = Buffer.concat([
      Buffer.from('{"component":"ccp","text":"'),
      Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80]),
      Buffer.from('"}\n'),
    ]);
    const { appended, rejected } = await importBytes(
      "latin.ndjson",
      Buffer.concat([Buffer.from(goodLines(0, 5)), bad, Buffer.from(goodLines(5, 9)), bad]),
    );
    expect(appended["ccp_log"]).toBe(9);
    // the same bytes twice are one rejection that came twice
    expect(rejected).toMatchObject([{ reason: "invalid_utf8", delivery_count: 2 }]);
  });

  test("of another encoding is skipped", async () => {
    expect((await importBytes("utf16.json", Buffer.from(`\ufeff${goodLines(0, 5)}`, "utf16le"))).skipped.length).toBe(
      1,
    );
  });

  test("that holds texts with NUL, half characters and every line separator keeps its records", async () => {
    const texts = ["\u0000", "cut \ud83d", "\ude00 rest", "\u2028\u2029", "\r\n", "\u0085", "x".repeat(1_000_000)];
    const lines = texts.map((text, index) => JSON.stringify({ ...(JSON.parse(ccpLine(index)) as object), text }));
    expect((await importBytes("texts.ndjson", lines.join("\n"))).appended["ccp_log"]).toBe(texts.length);
  });
});

describe("a folder of good files and garbage", () => {
  test("stores every good record, says what it skipped and keeps what it rejected", async () => {
    const path = join(folder.path, "mixed");
    await mkdir(join(path, "deep", "er"), { recursive: true });
    const files: readonly (readonly [string, Uint8Array | string])[] = [
      ["good.ndjson", goodLines(0, 100)],
      ["deep/good.json", `[${Array.from({ length: 100 }, (_, index) => ccpLine(100 + index)).join(",")}]`],
      ["deep/er/good.gz", gzipSync(goodLines(200, 300))],
      ["good-named-as-something.png", goodLines(300, 400)],
      ["bad-named-as.ndjson", noise(7, 10_000)],
      ["empty", ""],
      ["cut.gz", gzipSync(goodLines(0, 100)).subarray(0, 300)],
      ["text.txt", "just some text\nof two lines\n"],
      ["deep.json", DEEP],
      ["proto.json", '{"__proto__":{}}'],
      ["table.tsv", "a\tb\n1\t2\n"],
      [" spaces and 'quotes' {braces} [brackets].ndjson", goodLines(400, 500)],
    ];
    for (const [name, bytes] of files) await writeFile(join(path, name), bytes);
    const { appended, skipped, outcome } = await importPath(path);
    expect(outcome.exitCode).toBe(0);
    expect(appended["ccp_log"]).toBe(500);
    for (const name of ["bad-named-as.ndjson", "empty", "text.txt", "table.tsv"])
      expect(skipped.filter((file) => file.path.endsWith(name)).length, name).toBe(1);
  });
});
