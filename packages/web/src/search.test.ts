import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseSearch, readContactSearch, readExplorerSearch, readGlobalSearch, writeSearch } from "./search.ts";

test("a filter is readable in the address", () => {
  expect(writeSearch({ from: "-15m", q: "source:ccp_log,flow_log error" })).toBe(
    "?from=-15m&q=source:ccp_log,flow_log+error",
  );
});
test("whatever is written is read back as it was", () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(text, text, (q, sel) => {
      expect(parseSearch(writeSearch({ q, sel }))).toEqual({ q, sel });
    }),
  );
});
test("what looks like a number stays text", () => {
  expect(parseSearch("?q=123&sel=true")).toEqual({ q: "123", sel: "true" });
});
test("values that are not known are passed over", () => {
  expect(readGlobalSearch({ from: "-1h", tz: "mars", live: "yes" })).toEqual({
    from: "-1h",
    to: undefined,
    tz: undefined,
    live: undefined,
  });
  expect(readExplorerSearch({ panel: "nonsense", mode: "sql", q: 3 })).toEqual({
    sel: undefined,
    panel: undefined,
    q: undefined,
    mode: "sql",
    sql: undefined,
  });
  expect(readContactSearch({ t0: "a", clause: "2" })).toMatchObject({ t0: "a", clause: "2", panel: undefined });
});
