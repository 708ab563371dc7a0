import {
  matchesFilter,
  parseFilter,
  SOURCE_NAMES,
  unixMillis,
  type FilterTerm,
  type SourceRecord,
} from "@fourwire/core";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRows, NINE, rowOf, TemporaryData } from "../test/rows.ts";
import { FILTER_FIELDS } from "./filter-sql.ts";
import type { Store } from "./store.ts";

let data: TemporaryData;
let store: Store;

/** Values that meet each other's edges: case, numbers as text, quotes, wildcards of LIKE, nothing. */
const WORDS = [
  "alpha",
  "Alpha",
  "ALPHA beta",
  "9",
  "17",
  "9.0",
  "-3",
  "",
  "it's",
  "100%",
  "a_b",
  "a,b",
  "null",
  "é",
  "É",
  "ß",
  "日本",
  "true",
];

const ROWS: readonly SourceRecord[] = Array.from({ length: 120 }, (_, index) => {
  const word = (salt: number): string | undefined =>
    (index * salt) % 23 < WORDS.length ? WORDS[(index * salt) % 23] : undefined;
  return rowOf(SOURCE_NAMES[index % SOURCE_NAMES.length] ?? "ccp_log", `row ${index}`, {
    event_time: unixMillis(NINE + index * 1000),
    severity_number: [1, 5, 9, 13, 17, 21][index % 6] ?? 9,
    severity_text: word(3),
    contact_id: word(5),
    agent_id: word(7),
    event_name: word(11) ?? "LOG",
    message: word(13) ?? "the message",
    attributes: index % 4 === 0 ? `{"key":"${String(word(17))}"}` : undefined,
    region: word(19),
  });
});

beforeAll(async () => {
  data = await TemporaryData.create();
  store = await data.open();
  for (const source of SOURCE_NAMES)
    await appendRows(
      store,
      ROWS.filter((row) => row.source === source),
    );
});

afterAll(() => data.remove());

async function matching(terms: readonly FilterTerm[]): Promise<readonly string[]> {
  const rows = await store.records.page({ from: 0, to: NINE + 86_400_000, terms, limit: 1000 });
  return rows.map((row) => String(row["record_id"])).toSorted();
}

/** The obvious meaning, over the rows as a live reader sees them. */
function expected(terms: readonly FilterTerm[]): readonly string[] {
  return ROWS.filter((row) => matchesFilter(row, terms))
    .map((row) => row.record_id)
    .toSorted();
}

function termsOf(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text, FILTER_FIELDS);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.terms;
}

const textField = fc.constantFrom(
  "severity_text",
  "contact_id",
  "agent_id",
  "event_name",
  "message",
  "attributes",
  "region",
  "source",
  "record_id",
);
const word = fc.constantFrom(...WORDS, "alp", "lph", "%", "_", "ccp_log", "flow_log", "key");
const isNegated = fc.boolean();

const term: fc.Arbitrary<FilterTerm> = fc.oneof(
  fc.record({
    kind: fc.constant("equals" as const),
    field: fc.oneof(textField, fc.constant("severity_number")),
    values: fc.array(word, { maxLength: 3 }),
    isNegated,
  }),
  fc.record({
    kind: fc.constant("contains" as const),
    field: fc.constantFrom("message", "attributes", "original_body"),
    text: word,
    isNegated,
  }),
  fc.record({
    kind: fc.constant("exists" as const),
    field: fc.oneof(textField, fc.constant("severity_number")),
    isNegated,
  }),
  fc.record({
    kind: fc.constant("compare" as const),
    field: fc.constant("severity_number"),
    operator: fc.constantFrom(">" as const, ">=" as const, "<" as const, "<=" as const),
    value: fc.constantFrom(0, 5, 9, 13, 16.5, 17, 24, -1),
    isNegated,
  }),
);

describe("the SQL of a filter and core's matcher", () => {
  test("choose the same records", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(term, { maxLength: 4 }), async (terms) => {
        expect(await matching(terms)).toEqual(expected(terms));
      }),
      { numRuns: 250 },
    );
  });

  test.each([
    ["severity:error"],
    ["-severity:warn"],
    ["source:ccp_log,flow_log"],
    ["-source:ccp_log"],
    ["source:nothing"],
    ['event_name:"a,b"'],
    ["contact_id:*"],
    ["-contact_id:*"],
    ["alpha"],
    ["ALPHA"],
    ["-alpha"],
    ["message:alpha severity_number:>9 severity_number:<=17"],
    ["100%"],
    ["a_b"],
    ["é"],
    ["É"],
    ["severity_number:9"],
    ['"it\'s"'],
  ])("agree on %s", async (text) => {
    expect(await matching(termsOf(text))).toEqual(expected(termsOf(text)));
  });

  test("agree that a comparison with what is no number is not met", async () => {
    for (const field of ["agent_id", "region", "message", "contact_id"]) {
      const terms = termsOf(`${field}:>5`);
      expect(await matching(terms), field).toEqual(expected(terms));
    }
  });

  test("agree on instants, which are milliseconds", async () => {
    const after = termsOf(`event_time:>${NINE + 60_000}`);
    expect(await matching(after)).toEqual(expected(after));
    expect((await matching(after)).length).toBe(59);
  });
});

describe("values", () => {
  test("are bound, never spliced", async () => {
    for (const text of ["'; drop table hot.ccp_log; --", "$f0", "{}", "\\"]) {
      expect(await matching([{ kind: "equals", field: "message", values: [text], isNegated: false }])).toEqual([]);
      expect(await matching([{ kind: "contains", field: "message", text, isNegated: false }])).toEqual([]);
    }
    expect((await matching([])).length).toBe(ROWS.length);
  });

  test("counts of a histogram and of the most frequent values follow the same filter", async () => {
    const terms = termsOf("severity:warn -region:é");
    const range = { from: 0, to: NINE + 86_400_000, terms };
    const histogram = await store.records.histogram(range, 10_000);
    const total = expected(terms).length;
    expect(histogram.reduce((sum, row) => sum + row.count, 0)).toBe(total);
    expect(histogram.reduce((sum, row) => sum + row.errors, 0)).toBe(
      expected([...terms, ...termsOf("severity:error")]).length,
    );
    expect((await store.records.topValues(range, "source", 10)).reduce((sum, value) => sum + value.count, 0)).toBe(
      total,
    );
  });
});
