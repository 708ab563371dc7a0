import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFixtureStore, type FixtureStore } from "./fixture-store.ts";
import { readText } from "./source-files.ts";
const queries = [...readText("docs/records/queries.md").matchAll(/```sql\n([\s\S]*?)```/g)].map((m) => m[1] ?? "");
let opened: FixtureStore;
beforeAll(async () => { opened = await openFixtureStore(); });
afterAll(() => opened.close());
test("q", async () => {
  for (const sql of queries) {
    try { const r = await opened.store.query({ sql, limit: 1000, timeoutMs: 10000 }); console.log(r.rows.length, JSON.stringify(r.rows[0])?.slice(0,160), sql.split("\n").slice(0,2).join(" ").slice(0,90)); }
    catch (e) { console.log("FAIL", sql, (e as Error).message); }
  }
});
