import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fourwire, temporaryFolder } from "./command.ts";

// `fourwire simulate` as a user runs it: what it writes is imported without a rejection, whatever went wrong in it.

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder("simulate");
});

afterAll(() => folder.remove());

interface Incident {
  readonly name: string;
}

interface ImportJson {
  readonly records: Record<string, { appended: number; duplicate: number; rejected: number }>;
  readonly failed: readonly unknown[];
}

test("every incident at once: each record is stored, none rejected, no file fails", async () => {
  const list = await fourwire("simulate", "--list", "--json");
  const incidents: Incident[] = JSON.parse(list.stdout);
  const names = incidents.map(({ name }) => name).join(",");
  const out = join(folder.path, "all");
  const simulated = await fourwire(
    "simulate",
    "--scenario",
    names,
    "--agents",
    "14",
    "--duration",
    "40m",
    "--out",
    out,
    "--json",
  );
  expect(simulated, simulated.stderr).toMatchObject({ exitCode: 0 });
  const imported = await fourwire("import", out, "--data", join(folder.path, "data"), "--json");
  expect(imported, imported.stderr).toMatchObject({ exitCode: 0 });
  const report: ImportJson = JSON.parse(imported.stdout);
  expect(report.failed).toEqual([]);
  expect(Object.keys(report.records).toSorted()).toEqual([
    "agent_event",
    "ccp_log",
    "cloudtrail",
    "contact_event",
    "contact_record",
    "flow_log",
  ]);
  expect(Object.values(report.records).reduce((sum, { rejected }) => sum + rejected, 0)).toBe(0);
  const truth = await readFile(join(out, "truth.ndjson"), "utf8");
  const told = truth
    .trimEnd()
    .split("\n")
    .map((line): { kind: string; name?: string } => JSON.parse(line));
  const namesTold = told.flatMap(({ kind, name }) => (kind === "incident" && name !== undefined ? [name] : []));
  expect(new Set(namesTold)).toEqual(new Set(incidents.map(({ name }) => name)));
  expect(namesTold.length).toBe(incidents.length);
});

test.each([
  ["an unknown scenario", ["--scenario", "ice-los", "--out", "x"], 'did you mean "ice-loss"'],
  ["no destination", [], "one of --out, --to and --to-aws"],
  ["two destinations", ["--out", "x", "--to", "http://127.0.0.1:1"], "one of --out, --to and --to-aws"],
  ["AWS without a destination", ["--to-aws"], "--stream"],
  ["a duration that is none", ["--duration", "soon", "--out", "x"], "--duration"],
])("%s is a mistake of the command line", async (_, flags, message) => {
  const outcome = await fourwire("simulate", ...flags);
  expect(outcome.exitCode).toBe(2);
  expect(outcome.stderr).toContain(message);
});
