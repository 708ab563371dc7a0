import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fourwire, startFourwire, startServer, temporaryFolder } from "./command.ts";

const SOURCES = fileURLToPath(new URL("../packages/core/src/sources/", import.meta.url));
const FOURWIRE = fileURLToPath(new URL("../packages/server/bin/fourwire.cjs", import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data = "";

beforeAll(async () => {
  folder = await temporaryFolder("output");
  data = join(folder.path, "data");
  const fixtures = ["agent-event", "contact-record"].map((source) => join(SOURCES, source, "fixtures"));
  expect(await fourwire("import", ...fixtures, "--data", data)).toMatchObject({ exitCode: 0 });
});

afterAll(() => folder.remove());

/** Of CSV without quotes. */
function rowsOf(csv: string): readonly Record<string, string>[] {
  const [names = [], ...lines] = csv
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  return lines.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""])));
}

describe("queue-intervals", () => {
  const SPAN = ["--from", "2022-06-01T17:00:00Z", "--to", "2022-06-01T18:00:00Z"];

  test("prints a row for each queue, channel and interval, or writes them to a file", async () => {
    const printed = await fourwire("queue-intervals", ...SPAN, "--data", data);
    expect(printed).toMatchObject({ exitCode: 0, stderr: "" });
    const rows = rowsOf(printed.stdout);
    expect(
      rows.map((row) => [row["queue_name"], row["channel"], row["start_time_utc"], row["contacts_queued"]]),
    ).toEqual([
      ["Sales", "CHAT", "2022-06-01T17:00:00.000Z", "1"],
      ["Sales", "HOLOGRAM", "2022-06-01T17:00:00.000Z", "1"],
      ["Sales", "VOICE", "2022-06-01T17:00:00.000Z", "6"],
      ["Sales", "VOICE", "2022-06-01T17:30:00.000Z", "1"],
    ]);
    const path = join(folder.path, "queues.csv");
    const written = await fourwire("queue-intervals", ...SPAN, "--service-level", "60", "--out", path, "--data", data);
    expect(written).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const levels = rowsOf(await readFile(path, "utf8"));
    // they had waited 27 s
    expect([rows[0]?.["service_level"], levels[0]?.["service_level"]]).toEqual(["0.0000", "1.0000"]);
  });

  test.each([
    [["--from", "2022-06-01T18:00:00Z", "--to", "2022-06-01T17:00:00Z"], "--from must be before --to"],
    [[...SPAN, "--interval", "7m"], "--interval must be one of"],
    [[...SPAN, "--service-level", "0"], "--service-level must be a whole number"],
    [[...SPAN, "--zone", "Mars/Base"], "Mars/Base"],
  ])("refuses %j", async (args, message) => {
    expect(await fourwire("queue-intervals", ...args, "--data", data)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

test("agent tells how each figure came about in whole sentences", async () => {
  const { stdout } = await fourwire("agent", "ana.ruiz", "--from", "2026-11-20T00:00:00Z", "--data", data);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "contacts that became connected to the agent, listening supervisors left out",
  );
  const totals = stdout.slice(stdout.indexOf("\ntotals from"), stdout.indexOf("\nevent_time"));
  expect(totals).not.toContain("…");
  expect(totals.split("\n").filter((line) => line.length > 130)).toEqual([]);
});

test.each([["table"], ["ndjson"], ["csv"]])(
  "a reader that has had enough of %s ends the printing quietly",
  async (format) => {
    const sql = "select range, repeat('x', 50) from range(100000)";
    const args = ["query", sql, "--limit", "100000", "--format", format, "--data", data];
    const child = spawn(process.execPath, [FOURWIRE, ...args], { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const [exitCode] = (await once(child, "close")) as unknown[];
    expect([exitCode, stderr]).toEqual([0, ""]);
  },
);

test("a command waits for a server that is still opening its data, and goes through it", async () => {
  const path = join(folder.path, "opening");
  await mkdir(path);
  // stands in for a server that reads a long log
  const opening = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const owner = {
    pid: opening.pid,
    command: "serve",
    started_time: "2026-11-20T09:00:00.000Z",
    url: null,
    token: null,
  };
  await writeFile(join(path, "owner.json"), JSON.stringify(owner));
  const creating = startFourwire(["token", "create", "--name", "early", "--json", "--data", path]);
  await new Promise<void>((resolve) => {
    let said = "";
    creating.child.stderr?.on("data", (text: string) => {
      said += text;
      if (said.includes("waiting for")) resolve();
    });
    void creating.ended.then(() => resolve());
  });
  const server = await startServer(path);
  const outcome = await creating.ended;
  opening.kill("SIGKILL");
  const { token } = JSON.parse(outcome.stdout) as { readonly token: string };
  const answer = await fetch(`${server.url}/v1/ccp-logs`, {
    method: "POST",
    body: "",
    headers: { "x-api-key": token },
  });
  await server.stop();
  expect([outcome.exitCode, outcome.stderr]).toEqual([
    0,
    `fourwire: waiting for fourwire serve (process ${opening.pid}) to start\n`,
  ]);
  expect(answer.status).toBe(200);
});

test("config check refuses an open address in the words in which serve does", async () => {
  const path = join(folder.path, "open.yaml");
  const unopened = join(folder.path, "never-made");
  await writeFile(path, "server:\n  host: 0.0.0.0\n");
  const check = await fourwire("config", "check", path);
  expect(check).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr: expect.stringContaining("refusing to listen on 0.0.0.0: that needs server.access: token in fourwire.yaml"),
  });
  const serve = await fourwire("serve", "--config", path, "--port", "0", "--data", unopened);
  expect([serve.exitCode, serve.stderr]).toEqual([1, check.stderr]);
  await writeFile(path, "server:\n  host: 0.0.0.0\n  access: token\n  allowed_hosts: [fourwire.example.com]\n");
  expect((await fourwire("config", "check", path)).exitCode).toBe(0);
});
