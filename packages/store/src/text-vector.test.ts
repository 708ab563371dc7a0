import type { SourceRecord } from "@fourwire/core";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRows, query, rowOf, TemporaryData } from "../test/rows.ts";
import type { Store } from "./store.ts";

let data: TemporaryData;
let store: Store;
let round = 0;

beforeAll(async () => {
  data = await TemporaryData.create();
  store = await data.open();
});

afterAll(() => data.remove());

/** What comes back of texts that go in as the messages of one request. */
async function passThrough(texts: readonly (string | undefined)[]): Promise<readonly (string | null)[]> {
  round++;
  const rows: SourceRecord[] = texts.map((text, index) =>
    rowOf("ccp_log", `${round} ${index}`, { session_id: `round ${round}`, line: index, attributes: text }),
  );
  await appendRows(store, rows);
  const stored = await query(
    store,
    `select attributes, octet_length(encode(attributes)) from ccp_log where session_id = 'round ${round}' order by line`,
  );
  expect(stored.map(([, length]) => length)).toEqual(
    stored.map(([text]) => (typeof text === "string" ? Buffer.byteLength(text) : null)),
  );
  return stored.map(([text]) => text as string | null);
}

/** Half a character has no UTF-8 form; what is stored has U+FFFD in its place, as Node writes it. */
function storable(text: string): string {
  return Buffer.from(text).toString();
}

describe("texts come back byte for byte", () => {
  test.each([
    ["empty", ""],
    ["NUL", "\u0000"],
    ["NUL inside", "a\u0000b and then more than twelve bytes \u0000"],
    ["an emoji", "😀"],
    ["12 bytes, as many as stand in an entry", "x".repeat(12)],
    ["13 bytes, one more than that", "x".repeat(13)],
    ["12 bytes of four-byte characters", "😀".repeat(3)],
    ["13 bytes with one of two at the edge", `${"x".repeat(11)}é`],
    ["14 bytes", `${"x".repeat(12)}é`],
    ["a quote and a backslash", `it's "quoted" \\ and ; -- ended`],
    // not at the start: node-api's reader takes a byte order mark there for one of its own and drops it
    ["a byte order mark", "marked \ufeff inside"],
    ["the replacement character", "\ufffd"],
    ["a long text", "0123456789abcdef".repeat(70_000)],
  ])("%s", async (_, text) => {
    expect(await passThrough([text])).toEqual([text]);
    expect(await passThrough(["before", text, undefined, text, "after"])).toEqual([
      "before",
      text,
      null,
      text,
      "after",
    ]);
  });

  test("a column without any value", async () => {
    expect(await passThrough([undefined, undefined])).toEqual([null, null]);
  });

  test("more of them than one vector holds, of every length around the inline limit", async () => {
    const texts = Array.from({ length: 6000 }, (_, index) =>
      index % 11 === 0 ? undefined : `${index}${"é".repeat(index % 9)}`.slice(0, index % 17),
    );
    expect(await passThrough(texts)).toEqual(texts.map((text) => text ?? null));
  });

  test.each(["\ud83d", "cut inside \ud83d", "\ude00 the other half", "\ud83d\ud83d", "a".repeat(11) + "\ud83d"])(
    "half a character is stored as U+FFFD: %j",
    async (text) => {
      expect(await passThrough([text])).toEqual([storable(text)]);
      expect(await passThrough(["a", text, "b"])).toEqual(["a", storable(text), "b"]);
    },
  );

  // The texts of a column are joined and encoded at once, which makes one character of two halves: a known fault.
  test("two halves in two rows do not become one character, nor stop the request", async () => {
    const texts = ["a text cut inside \ud83d", "\ude00 and its rest"];
    expect(await passThrough(texts)).toEqual(texts.map(storable));
  });

  test("any texts", async () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "binary-ascii" }),
      fc.string({ unit: fc.constantFrom("x", "é", "€", "😀", "\u0000"), minLength: 9, maxLength: 16 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(text, { nil: undefined }), { minLength: 1, maxLength: 40 }),
        async (texts) => {
          expect(await passThrough(texts)).toEqual(
            texts.map((value) => (value === undefined ? null : storable(value))),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("any texts made of whole and half characters", async () => {
    const text = fc.string({ unit: fc.constantFrom("x", "é", "\ud83d", "\ude00", "\ud83d\ude00") });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
        expect(await passThrough(texts)).toEqual(texts.map(storable));
      }),
      { numRuns: 60 },
    );
  });
});
