import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutAt, faultsOf, splitChunks, splitText, valuesOf } from "../../test/pieces.ts";
import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_REJECTED_BYTES } from "./limits.ts";

const A = { component: "ccp", text: 'a "quoted" }{ one' };
const B = { component: "ccp", text: "[b] \\ é😀" };
const BOTH = [A, B];

function compact(value: unknown): string {
  return JSON.stringify(value);
}

function pretty(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** Every arrangement of JSON objects that Amazon's services, the CCP's download and people with `jq` write. */
const ARRANGEMENTS: Readonly<Record<string, (values: readonly unknown[]) => string>> = {
  "a value a line": (values) => values.map((value) => `${compact(value)}\n`).join(""),
  "a value a line, without the last newline": (values) => values.map(compact).join("\n"),
  "a value a line, ended as Windows does": (values) => values.map((value) => `${compact(value)}\r\n`).join(""),
  "a value a line, with empty lines between": (values) => values.map(compact).join("\n\n \n"),
  "behind a byte order mark": (values) => `\ufeff${values.map(compact).join("\n")}`,
  "an array on one line": (values) => compact(values),
  "an array, printed": (values) => pretty(values),
  "an array with a value a line": (values) => `[\n${values.map(compact).join(",\n")}\n]\n`,
  "an array behind a byte order mark": (values) => `\ufeff${pretty(values)}`,
  "concatenated without anything between": (values) => values.map(compact).join(""),
  "concatenated, printed": (values) => values.map(pretty).join("\n"),
  "Records on one line": (values) => compact({ Records: values }),
  "Records, printed": (values) => pretty({ Records: values }),
  "Records with a value a line": (values) => `{"Records":[\n${values.map(compact).join(",\n")}\n]}\n`,
  "lines of several values": (values) => `${values.map(compact).join("")}\n${values.map(compact).join("")}`,
  "lines of CloudWatch's export": (values) =>
    values.map((value) => `2023-01-05T16:32:31.391Z ${compact(value)}\n`).join(""),
};

describe("arrangements", () => {
  test.each(Object.entries(ARRANGEMENTS))("%s", (name, arrange) => {
    const pieces = splitText(arrange(BOTH));
    expect(faultsOf(pieces)).toEqual([]);
    expect(valuesOf(pieces)).toEqual(name === "lines of several values" ? [...BOTH, ...BOTH] : BOTH);
  });

  test.each(Object.entries(ARRANGEMENTS))("a single value: %s", (name, arrange) => {
    const pieces = splitText(arrange([A]));
    expect(faultsOf(pieces)).toEqual([]);
    expect(valuesOf(pieces)).toEqual(name === "lines of several values" ? [A, A] : [A]);
  });

  test("a printed wrapper with a record a line stays in one piece", () => {
    const payload = { messageType: "DATA_MESSAGE", logEvents: [{ id: "1" }, { id: "2" }] };
    const text = '{\n "messageType": "DATA_MESSAGE",\n "logEvents": [\n  {"id":"1"},\n  {"id":"2"}\n ]\n}\n';
    expect(splitText(text)).toMatchObject([{ kind: "document", value: payload, text: text.trim() }]);
  });

  test.each([10, 11, 12, 13])("an empty object on line %i of a printed value is within it", (line) => {
    const list = [...Array.from({ length: line - 5 }, (_, index) => index), {}];
    const values = [
      { component: "", text: "", list },
      { component: "", text: "second" },
    ];
    expect(pretty(values[0]).split("\n")[line - 1]?.trim()).toBe("{}");
    const pieces = splitText(values.map(pretty).join("\n"));
    expect(faultsOf(pieces)).toEqual([]);
    expect(valuesOf(pieces)).toEqual(values);
  });

  test.each(['{"Records":[]}', '{ "Records" : [ ] }\n', "[]", '{"Records":[]}\n{"Records":[]}\n'])(
    "a list without records is nothing, and no fault: %s",
    (text) => {
      expect(faultsOf(splitText(text))).toEqual([]);
    },
  );

  test("an export line carries the time in front of it", () => {
    const [piece] = splitText('2023-01-05T16:32:31.391Z {"a":1}\n');
    expect(piece).toMatchObject({ text: '{"a":1}', lineTime: Date.UTC(2023, 0, 5, 16, 32, 31, 391) });
  });

  test("the text is the exact text of the value, numbers and spaces as written", () => {
    const text = '{"a": 1.0, "b": 12345678901234567890}';
    for (const input of [`${text}\n${text}\n`, `[${text},${text}]`, `{"Records":[${text},${text}]}`, text + text]) {
      expect(splitText(input).map((piece) => (piece.kind === "document" ? piece.text : undefined))).toEqual([
        text,
        text,
      ]);
    }
  });

  test("a key named __proto__ is a key like any other", () => {
    const [piece] = splitText('{"__proto__":{"isAdmin":true},"a":1}');
    expect(piece?.kind === "document" && Object.keys(piece.value as object)).toEqual(["__proto__", "a"]);
    expect(({} as Record<string, unknown>)["isAdmin"]).toBeUndefined();
  });

  test.each([
    ["# heading\n\nsome text\n"],
    ["name\tvalue\na\tb\n"],
    ["\u0000\u0001\u0002"],
    [""],
    ["only white space would be \n\n"],
    [" \n\n"],
    ["<html></html>"],
  ])("what is no JSON in any arrangement is foreign and gives nothing: %j", (text) => {
    expect(splitChunks([Buffer.from(text)])).toEqual({ pieces: [], isForeign: true });
  });
});

describe("a bad line costs only itself", () => {
  test("in the middle", () => {
    const pieces = splitText(`${compact(A)}\n{"component":"ccp","te\n${compact(B)}\n`);
    expect(valuesOf(pieces)).toEqual(BOTH);
    expect(faultsOf(pieces)).toMatchObject([
      { reason: "invalid_json", position: compact(A).length + 1, sizeBytes: 22 },
    ]);
  });

  test.each(['ponent":"ccp","text":"x"}', '{"component":"ccp","te', '{"component":"ccp",', '{"component":"ccp"'])(
    "at the start: %s",
    (torn) => {
      const pieces = splitText(`${torn}\n${compact(A)}\n${compact(B)}\n`);
      expect(valuesOf(pieces)).toEqual(BOTH);
      expect(faultsOf(pieces)).toMatchObject([{ reason: "invalid_json", position: 0, bytes: Buffer.from(torn) }]);
    },
  );

  test("at the end", () => {
    const pieces = splitText(`${compact(A)}\n${compact(B).slice(0, -3)}`);
    expect(valuesOf(pieces)).toEqual([A]);
    expect(faultsOf(pieces)).toMatchObject([{ reason: "invalid_json" }]);
  });

  test("when its bytes are not UTF-8, which are kept", () => {
    const bad = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const { pieces } = splitChunks([
      Buffer.concat([Buffer.from(`${compact(B)}\n`), bad, Buffer.from(`\n${compact(A)}\n`)]),
    ]);
    expect(valuesOf(pieces)).toEqual([B, A]);
    expect(faultsOf(pieces)).toMatchObject([
      { reason: "invalid_utf8", bytes: bad, position: Buffer.byteLength(compact(B)) + 1 },
    ]);
  });

  test("when a written replacement character is not an error of the bytes", () => {
    expect(faultsOf(splitText('{"text":"\ufffd"}\n{"text":"\ufffd"}\n'))).toEqual([]);
  });

  test("when it has comments, which is said", () => {
    const [fault] = faultsOf(splitText(`${compact(A)}\n// what is this\n${compact(B)}\n`));
    expect(fault?.detail).toMatch(/comments/);
  });
});

describe("limits", () => {
  const huge = `{"text":"${"x".repeat(MAX_RECORD_BYTES)}"}`;

  test.each([
    ["as a line among others", `${compact(A)}\n${huge}\n${compact(B)}\n`],
    ["in an array", `[${compact(A)},${huge},${compact(B)}]`],
    ["in Records", `{"Records":[${compact(A)},${huge},${compact(B)}]}`],
  ])("a record beyond the size limit is too large, whole or in chunks: %s", (_, text) => {
    const bytes = Buffer.from(text);
    for (const chunks of [[bytes], cutAt(bytes, [1, 600_000, 1_000_000, 9_000_000])]) {
      const { pieces } = splitChunks(chunks);
      expect(valuesOf(pieces)).toEqual(BOTH);
      expect(faultsOf(pieces)).toMatchObject([
        {
          reason: "too_large",
          sizeBytes: huge.length,
          detail: `record of ${huge.length} bytes is larger than the limit of ${MAX_RECORD_BYTES}`,
        },
      ]);
      expect(faultsOf(pieces)[0]?.bytes.length).toBe(MAX_REJECTED_BYTES);
    }
  });

  test("a line of 100 MB in chunks of 1 MB is too large, and the lines after it are read", () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x78);
    const chunks = [
      Buffer.from(`${compact(A)}\n{"text":"`),
      ...Array.from({ length: 100 }, () => chunk),
      Buffer.from(`"}\n${compact(B)}\n`),
    ];
    const { pieces } = splitChunks(chunks);
    expect(valuesOf(pieces)).toEqual(BOTH);
    expect(faultsOf(pieces)).toMatchObject([
      { reason: "too_large", sizeBytes: 100 * 1024 * 1024 + 11, position: compact(A).length + 1 },
    ]);
  });

  test.each([
    ["objects", '{"a":', "1", "}"],
    ["arrays", "[", "", "]"],
  ])("%s nested 10,000 deep are too deep in every arrangement, with the limit named", (_, open, middle, close) => {
    const deep = `{"deep":${open.repeat(10_000)}${middle}${close.repeat(10_000)}}`;
    for (const text of [
      `${compact(A)}\n${deep}\n${compact(B)}\n`,
      `[${compact(A)},${deep},${compact(B)}]`,
      compact(A) + deep + compact(B),
    ]) {
      const pieces = splitText(text);
      expect(valuesOf(pieces)).toEqual(BOTH);
      expect(faultsOf(pieces)).toMatchObject([
        { reason: "too_deep", detail: `nested deeper than ${MAX_DEPTH} levels`, sizeBytes: deep.length },
      ]);
    }
  });

  test("many brackets side by side are not deep", () => {
    const wide = { list: Array.from({ length: 1000 }, (_, index) => [{ index }]) };
    expect(valuesOf(splitText(`${compact(wide)}\n${compact(A)}\n`))).toEqual([wide, A]);
  });
});

describe("whatever the values, the arrangement and the chunks", () => {
  const record = fc.record({
    component: fc.string({ unit: "binary" }),
    text: fc.json(),
    n: fc.maxSafeInteger(),
    list: fc.array(fc.jsonValue({ maxDepth: 3 })),
  });

  test("the same values come back", () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(...Object.keys(ARRANGEMENTS)),
        fc.array(fc.nat(), { maxLength: 8 }),
        (drawn, name, offsets) => {
          const values = drawn.map((value) => JSON.parse(compact(value)) as unknown);
          const bytes = Buffer.from(ARRANGEMENTS[name]?.(values) ?? "");
          const { pieces } = splitChunks(cutAt(bytes, offsets));
          expect(faultsOf(pieces)).toEqual([]);
          expect(valuesOf(pieces)).toEqual(name === "lines of several values" ? [...values, ...values] : values);
        },
      ),
      { numRuns: 600 },
    );
  });

  test("the position of every value is the byte offset of its text", () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...Object.keys(ARRANGEMENTS)),
        (values, name) => {
          const bytes = Buffer.from(ARRANGEMENTS[name]?.(values) ?? "");
          const timeLength = name.includes("export") ? 25 : 0;
          for (const piece of splitChunks([bytes]).pieces) {
            if (piece.kind !== "document") throw new Error(piece.detail);
            const start = piece.position + timeLength;
            expect(bytes.subarray(start, start + Buffer.byteLength(piece.text)).toString()).toBe(piece.text);
          }
        },
      ),
    );
  });

  test("noise never throws, and chunks of it do not matter once it is decided", () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        "{",
        "}",
        "[",
        "]",
        '"',
        "\\",
        ",",
        ":",
        "\n",
        "\r",
        "a",
        "1",
        " ",
        '{"a":1}',
        '{"Records":[',
      ),
    });
    fc.assert(
      fc.property(noise, fc.array(fc.nat()), (text, offsets) => {
        const bytes = Buffer.from(text);
        expect(splitChunks(cutAt(bytes, offsets))).toEqual(splitChunks([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  test("bytes of any kind are accounted for: values, faults, white space and separators are all there is", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(Buffer.from(`\n${compact(A)}\n`))), {
          maxLength: 12,
        }),
        (parts) => {
          const bytes = Buffer.concat([Buffer.from(`${compact(A)}\n`), ...parts.map((part) => Buffer.from(part))]);
          const { pieces } = splitChunks([bytes]);
          let rest = bytes.toString("latin1");
          for (const piece of pieces) {
            const slice = piece.kind === "document" ? Buffer.from(piece.text) : piece.bytes;
            const found = rest.indexOf(slice.toString("latin1"));
            expect(found).toBeGreaterThanOrEqual(0);
            expect(rest.slice(0, found)).toMatch(/^[\s,[\]}]*$/);
            rest = rest.slice(found + slice.length);
          }
          expect(rest).toMatch(/^[\s,[\]}]*$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
