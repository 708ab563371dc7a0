import { expect, test } from "vitest";
import { toCsv } from "./to-csv.ts";

test("a value that a spreadsheet would run is made text, a negative number is not", () => {
  const columns = [
    { name: "a", type: "VARCHAR" },
    { name: "b", type: "BIGINT" },
  ];
  const rows = [
    ['=HYPERLINK("x")', -5],
    ["plain", null],
    ["two\nlines, one cell", 1],
  ];
  expect(toCsv({ columns, rows, is_truncated: false, pending_agent_days: 0, took_ms: 1 })).toBe(
    'a,b\r\n"\'=HYPERLINK(""x"")",-5\r\nplain,\r\n"two\nlines, one cell",1',
  );
});
