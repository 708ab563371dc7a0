import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  fourwire,
  startFourwire,
  startServer,
  temporaryFolder,
  type CommandOutcome,
  type RunningServer,
} from "./command.ts";

// The command as a user runs it: a process of its own, from what the build made.

const SOURCES = fileURLToPath(new URL("../packages/core/src/sources/", import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let logs = "";
let data = "";

/** Core's fixtures, in a folder of their own. */
async function copyFixtures(target: string): Promise<void> {
  for (const source of await readdir(SOURCES, { withFileTypes: true })) {
    if (source.isDirectory())
      await cp(join(SOURCES, source.name, "fixtures"), join(target, source.name), { recursive: true });
  }
}

beforeAll(async () => {
  folder = await temporaryFolder("cli");
  logs = join(folder.path, "logs");
  data = join(folder.path, "data");
  await copyFixtures(logs);
});

afterAll(() => folder.remove());

interface ImportJson {
  readonly files: number;
  readonly records: Record<string, { appended: number; duplicate: number; rejected: number }>;
  readonly skipped: readonly { path: string; reason: string }[];
  readonly failed: readonly unknown[];
  readonly seconds: number;
}

/** What a command printed as JSON; the caller says of which shape. */
function jsonOf(outcome: CommandOutcome): unknown {
  expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
  return JSON.parse(outcome.stdout);
}

function sumOf(report: ImportJson, name: "appended" | "duplicate" | "rejected"): number {
  return Object.values(report.records).reduce((sum, counts) => sum + counts[name], 0);
}

describe("help", () => {
  test.each([["demo"], ["serve"], ["import"], ["query"], ["contact"], ["agent"], ["rejected"], ["simulate"]])(
    "of %s has examples",
    async (command) => {
      const { exitCode, stdout } = await fourwire(command, "--help");
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`Usage: fourwire ${command}[\\s\\S]*\\nExamples:\\n {2}fourwire ${command}`));
    },
  );

  test("of fourwire itself has examples and names every command", async () => {
    const { exitCode, stdout } = await fourwire("--help");
    expect(exitCode).toBe(0);
    for (const command of ["demo", "serve", "import", "query", "contact", "agent", "rejected", "Examples:"])
      expect(stdout).toContain(command);
  });

  test("and version end with 0", async () => {
    expect(await fourwire("--version")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });
});

describe("a wrong command line ends with 2 and names the right one", () => {
  test.each([
    [["import", "x", "--dta", "d"], /unknown option '--dta'[\s\S]*Did you mean --data\?/],
    [["imprt"], /unknown command 'imprt'[\s\S]*Did you mean import\?/],
    [["import", "x", "--source", "cpp_log"], /did you mean "ccp_log"\?/],
    [["import"], /missing required argument/],
    [["query", "select 1", "--format", "xml"], /Allowed choices are table, json, ndjson, csv/],
    [["query", "select 1", "--limit", "0"], /--limit must be a whole number/],
    [["rejected", "--limit", "many"], /--limit must be a whole number/],
    [["serve", "--port", "99999"], /--port must be a whole number from 0 to 65535/],
    [["demo", "--agents", "none", "--port", "0"], /--agents must be a whole number from 1/],
    [["demo", "--seed", "x", "--port", "0"], /--seed must be a whole number/],
    [["agent", "ana", "--from", "yesterday"], /--from must be an instant such as/],
  ])("%j", async (args, message) => {
    const wrongData = join(folder.path, "wrong");
    const { exitCode, stderr } = await fourwire(
      ...args,
      ...(args.length > 1 && args[0] !== "demo" ? ["--data", wrongData] : []),
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("import", () => {
  let first: ImportJson;

  beforeAll(async () => {
    first = jsonOf(await fourwire("import", logs, "--data", data, "--json")) as ImportJson;
  });

  test("prints files, records by source and seconds", () => {
    expect(Object.keys(first).slice(0, 2)).toEqual(["files", "records"]);
    expect(first).toMatchObject({ files: expect.any(Number), seconds: expect.any(Number), failed: [] });
    for (const source of ["agent_event", "contact_record", "contact_event", "flow_log", "cloudtrail", "ccp_log"]) {
      expect(first.records[source], source).toEqual({
        appended: expect.any(Number),
        duplicate: expect.any(Number),
        rejected: expect.any(Number),
      });
      expect(first.records[source]?.appended, source).toBeGreaterThan(0);
    }
  });

  test("names what is none of ours", () => {
    expect(first.skipped.filter(({ path }) => path.endsWith("cloudtrail/connect-api-operations.tsv")).length).toBe(1);
    expect(first.skipped.every(({ reason }) => reason !== "")).toBe(true);
  });

  test("of the same folder again appends nothing and finds everything", async () => {
    const second = jsonOf(await fourwire("import", logs, "--data", data, "--json")) as ImportJson;
    expect([sumOf(second, "appended"), sumOf(second, "duplicate")]).toEqual([
      0,
      sumOf(first, "appended") + sumOf(first, "duplicate"),
    ]);
    expect([second.files, sumOf(second, "rejected")]).toEqual([first.files, sumOf(first, "rejected")]);
  });

  test("keeps the rejected with the reason, once", async () => {
    const { total, rejected } = jsonOf(await fourwire("rejected", "--data", data, "--json")) as {
      total: number;
      rejected: { reason: string; origin: string; body: string }[];
    };
    expect([total, rejected.length]).toEqual([sumOf(first, "rejected"), sumOf(first, "rejected")]);
    expect(rejected).toContainEqual(
      expect.objectContaining({
        reason: "bad_time",
        source: "flow_log",
        body: expect.stringContaining("2017-11-09T12:17.898Z"),
      }),
    );
    const table = await fourwire("rejected", "--data", data);
    expect(table.stdout).toMatch(/^rejected_time +source +reason/);
  });

  test("prints a summary for people", async () => {
    const { exitCode, stdout } = await fourwire("import", join(logs, "ccp-log"), "--data", data);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+ files in [\d.]+ s\n {2}ccp_log +0 appended +\d+ duplicate +0 rejected\n/);
    expect(stdout).toMatch(/skipped .*README\.md: not JSON, gzip or log lines/);
  });

  test("takes globs, and says so when nothing matches", async () => {
    const report = jsonOf(await fourwire("import", join(logs, "**/*.ndjson"), "--data", data, "--json")) as ImportJson;
    expect(report.skipped).toEqual([]);
    expect(report.files).toBeGreaterThan(10);
    for (const path of [join(logs, "**/*.nothing"), join(logs, "no-such-file")]) {
      expect(await fourwire("import", path, "--data", data)).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/^fourwire: no (?:file matches|such file or folder:) "/),
      });
    }
  });
});

describe("query", () => {
  const sql =
    "select source, count(*) as n, 'a,\"b\"' as quoted from log_record where source in ('ccp_log', 'flow_log') group by 1 order by 1";

  test("as JSON is an array of row objects", async () => {
    const rows = jsonOf(await fourwire("query", sql, "--data", data, "--format", "json")) as Record<string, unknown>[];
    expect(rows).toEqual([
      { source: "ccp_log", n: expect.any(Number), quoted: 'a,"b"' },
      { source: "flow_log", n: expect.any(Number), quoted: 'a,"b"' },
    ]);
  });

  test("as NDJSON is an object a line", async () => {
    const { stdout } = await fourwire("query", sql, "--data", data, "--format", "ndjson");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { source: string }).source)).toEqual(["ccp_log", "flow_log"]);
  });

  test("as CSV follows RFC 4180 and disarms formulas", async () => {
    const { stdout } = await fourwire(
      "query",
      `select 'a,"b"' as quoted, '=1+1' as formula, -1 as n, null as nothing`,
      "--data",
      data,
      "--format",
      "csv",
    );
    expect(stdout).toBe(`quoted,formula,n,nothing\r\n"a,""b""",'=1+1,-1,\r\n`);
  });

  test("as a table is for people, and says how many rows", async () => {
    const { stdout } = await fourwire("query", "select 'x' as name, 7 as n", "--data", data);
    expect(stdout).toBe("name  n\n----  -\nx     7\n(1 row)\n");
  });

  test("into a file prints nothing", async () => {
    const path = join(folder.path, "rows.json");
    expect(await fourwire("query", "select 1 as one", "--data", data, "--format", "json", "--out", path)).toMatchObject(
      { exitCode: 0, stdout: "" },
    );
    expect(await readFile(path, "utf8")).toBe('[{"one":1}]\n');
  });

  test("says when rows were cut", async () => {
    const { stdout, stderr } = await fourwire(
      "query",
      "select * from range(10)",
      "--data",
      data,
      "--format",
      "ndjson",
      "--limit",
      "3",
    );
    expect([stdout.split("\n").length - 1, stderr]).toEqual([
      3,
      "fourwire: only the first 3 rows are shown; raise --limit\n",
    ]);
  });

  test("that is wrong or writes ends with 1 and says why, without a stack", async () => {
    for (const [wrong, code] of [
      ["select nosuch from ccp_log", "query_failed"],
      ["drop table hot.ccp_log", "query_not_allowed"],
      ["from store.access_token", "query_not_allowed"],
    ] as const) {
      const { exitCode, stderr } = await fourwire("query", wrong, "--data", data);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${code}, see docs/errors.md#${code}`)]);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});

describe("contact and agent", () => {
  test("contact prints the joined timeline in time order, as JSON and for people", async () => {
    const [row] = jsonOf(
      await fourwire("query", "select contact_id from contact_record limit 1", "--data", data, "--format", "json"),
    ) as { contact_id: string }[];
    const contactId = row?.contact_id ?? "";
    const timeline = jsonOf(await fourwire("contact", contactId, "--data", data, "--json")) as {
      contact_id: string;
      entries: { event_time: string; source: string; event_name: string; message: string; agent_id: unknown }[];
    };
    expect(timeline.contact_id).toBe(contactId);
    expect(timeline.entries.map((entry) => entry.event_time)).toEqual(
      timeline.entries.map((entry) => entry.event_time).toSorted(),
    );
    expect(timeline.entries[0]).toMatchObject({
      event_time: expect.any(String),
      source: expect.any(String),
      event_name: expect.any(String),
      message: expect.any(String),
    });
    expect((await fourwire("contact", contactId, "--data", data)).stdout).toContain(`contact ${contactId}\n`);
  });

  test.each([["contact"], ["agent"]])("%s says when there is none", async (command) => {
    expect(await fourwire(command, "nobody", "--data", data)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^fourwire: no record names the .* "nobody"/),
    });
  });
});

describe("with a server that holds the directory", () => {
  let server: RunningServer;
  let served = "";

  beforeAll(async () => {
    served = join(folder.path, "served");
    server = await startServer(served);
  });

  afterAll(() => server.child.kill("SIGKILL"));

  test("the commands go through it", async () => {
    const report = jsonOf(await fourwire("import", logs, "--data", served, "--json")) as ImportJson;
    expect(sumOf(report, "appended")).toBeGreaterThan(100);
    const rows = jsonOf(
      await fourwire(
        "query",
        "select count(*) as n from log_record where source <> 'contact_record'",
        "--data",
        served,
        "--format",
        "json",
      ),
    ) as { n: number }[];
    // of a contact's record the view shows the newest delivery only
    expect(rows).toEqual([{ n: sumOf(report, "appended") - (report.records["contact_record"]?.appended ?? 0) }]);
    expect(sumOf(jsonOf(await fourwire("import", logs, "--data", served, "--json")) as ImportJson, "appended")).toBe(0);
    expect((jsonOf(await fourwire("rejected", "--data", served, "--json")) as { total: number }).total).toBe(
      sumOf(report, "rejected"),
    );
    expect(await fourwire("query", "drop table hot.ccp_log", "--data", served)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("query_not_allowed"),
    });
  });

  test("records are stored while slow queries run", async () => {
    const abort = new AbortController();
    const slow = Array.from({ length: 4 }, () =>
      fetch(`${server.url}/v1/query`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          sql: "select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = 7",
        }),
        signal: abort.signal,
      }).catch(() => undefined),
    );
    const line = JSON.stringify({
      component: "ccp",
      level: "INFO",
      text: "while others ask",
      time: "2026-11-20T09:00:00.000Z",
      loggerId: "slow-1",
    });
    const response = await fetch(`${server.url}/v1/records/ccp_log`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}` },
      body: line,
    });
    expect(await response.json()).toEqual({ appended: 1, duplicate: 0, rejected: 0 });
    abort.abort();
    await Promise.all(slow);
  });

  test("a second server is refused, with where the first is", async () => {
    const { exitCode, stderr } = await startFourwire(["serve", "--port", "0", "--data", served]).ended;
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `is in use by fourwire serve \\(process ${server.child.pid} at ${server.url}\\)[\\s\\S]*store_locked`,
        ),
      ),
    ]);
  });

  test("another address than this machine's is refused", async () => {
    expect(
      await fourwire("serve", "--host", "0.0.0.0", "--port", "0", "--data", join(folder.path, "other")),
    ).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/refusing to listen on 0\.0\.0\.0[\s\S]*host_not_allowed/),
    });
  });

  test("it ends at SIGTERM with 0, and the directory is free", async () => {
    expect(await server.stop()).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await fourwire("query", "select 1 as one", "--data", served, "--format", "json")).toMatchObject({
      exitCode: 0,
      stdout: '[{"one":1}]\n',
    });
  });
});

describe("a directory that cannot be used", () => {
  test("is named, without a stack", async () => {
    const path = join(folder.path, "a-file");
    await writeFile(path, "x");
    const { exitCode, stderr } = await fourwire("query", "select 1", "--data", path);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(path)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
