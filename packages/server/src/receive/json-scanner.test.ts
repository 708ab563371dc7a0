import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutAt } from "../../test/pieces.ts";
import { JsonScanner, scanValues, type ScannedValue } from "./json-scanner.ts";
import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_REJECTED_BYTES } from "./limits.ts";

function textsOf(values: readonly ScannedValue[]): readonly string[] {
  return values.map((value) => value.bytes.toString());
}

function scan(text: string): readonly string[] {
  return textsOf(scanValues(Buffer.from(text)));
}

function scanChunks(chunks: readonly Buffer[]): readonly ScannedValue[] {
  const values: ScannedValue[] = [];
  const scanner = new JsonScanner((value) => value.fault !== "unproven" && values.push(value) > 0);
  for (const chunk of chunks) scanner.push(chunk);
  scanner.end();
  return values;
}

describe("values are cut", () => {
  test.each([
    ["one after another without anything between", '{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ["over several lines", '{\n "a": 1\n}\n{\n "b": 2\n}\n', ['{\n "a": 1\n}', '{\n "b": 2\n}']],
    ["out of an array", ' [ {"a":1} , {"b":[2]} ] ', ['{"a":1}', '{"b":[2]}']],
    ["out of several arrays", '[{"a":1}][{"b":2}]', ['{"a":1}', '{"b":2}']],
    ["out of Records", '{"Records":[{"a":1},{"b":2}]}', ['{"a":1}', '{"b":2}']],
    ["out of Records with white space", '{ "Records" : [\n {"a":1}\n ]\n}', ['{"a":1}']],
    ["out of Records with more behind it", '{"Records":[{"a":1}],"next":{"b":[2]}}{"c":3}', ['{"a":1}', '{"c":3}']],
    ["whole where Records is not the first key", '{"a":1,"Records":[{"b":2}]}', ['{"a":1,"Records":[{"b":2}]}']],
    ["whole where Records is no array", '{"Records":{"a":1}}', ['{"Records":{"a":1}}']],
    ["whole where Records is a value", '{"a":"Records","b":[1]}', ['{"a":"Records","b":[1]}']],
    ["with brackets inside strings", '{"a":"}{[]"}{"b":"\\"}{\\\\"}', ['{"a":"}{[]"}', '{"b":"\\"}{\\\\"}']],
    ["as scalars", '1\n"two"\nnull', ["1", '"two"', "null"]],
    ["not at all from nothing", " \n ", []],
    ["not at all from empty arrays", '[]{"Records":[]}[ ]', []],
  ])("%s", (_, text, expected) => {
    expect(scan(text)).toEqual(expected);
  });

  test("with the byte offset of each, counted in bytes, not characters", () => {
    const text = '["é€😀",{"a":1}]';
    expect(scanValues(Buffer.from(text), 100).map((value) => [value.position, value.sizeBytes])).toEqual([
      [101, 11],
      [113, 7],
    ]);
  });
});

describe("what is torn", () => {
  test("is given with its bytes when the input ends inside it", () => {
    expect(scanValues(Buffer.from('{"a":1}{"b":'))).toMatchObject([
      { fault: undefined },
      { fault: "torn", position: 7, sizeBytes: 5 },
    ]);
  });

  test("ends at a newline inside a string, and the next line that starts with a bracket goes on", () => {
    const values = scanValues(Buffer.from('{"a":"cut\n more"}\n{"b":2}\n'));
    expect(values.map((value) => [value.bytes.toString(), value.fault])).toEqual([
      ['{"a":"cut', "torn"],
      ['{"b":2}', undefined],
    ]);
  });
});

describe("limits", () => {
  test("a value nested deeper than allowed is too deep, its neighbours are not", () => {
    const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const values = scanValues(Buffer.from(`{"a":1}{"b":${deep}}{"c":3}`));
    expect(values.map((value) => value.fault)).toEqual([undefined, "too_deep", undefined]);
  });

  test("the deepest value allowed is taken, one level more is not", () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(scanValues(Buffer.from(nested(MAX_DEPTH)))).toMatchObject([{ fault: undefined }]);
    expect(scanValues(Buffer.from(nested(MAX_DEPTH + 2)))).toMatchObject([{ fault: "too_deep" }]);
  });

  test("a value larger than allowed is measured whole and kept in part", () => {
    const values = scanValues(Buffer.from(`{"a":"${"x".repeat(MAX_RECORD_BYTES)}"}{"b":2}`));
    expect(values.map((value) => [value.fault, value.sizeBytes])).toEqual([
      ["too_large", MAX_RECORD_BYTES + 8],
      [undefined, 7],
    ]);
    expect(values[0]?.bytes.length).toBe(MAX_REJECTED_BYTES);
  });
});

describe("whatever the input", () => {
  test("the chunks it comes in do not matter", () => {
    const noise = fc.string({
      unit: fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "\n", "a", "1", " ", '"Records"', "é"),
    });
    fc.assert(
      fc.property(noise, fc.array(fc.nat()), (text, offsets) => {
        const bytes = Buffer.from(text);
        expect(scanChunks(cutAt(bytes, offsets))).toEqual(scanValues(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test("every value is a slice of it, in order and without overlap", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const bytes = Buffer.from(noise);
        let end = 0;
        for (const value of scanValues(bytes)) {
          expect(value.position).toBeGreaterThanOrEqual(end);
          end = value.position + value.sizeBytes;
          expect(value.bytes.equals(bytes.subarray(value.position, end))).toBe(true);
        }
        expect(end).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
