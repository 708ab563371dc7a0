import { execFileSync, type ChildProcess } from "node:child_process";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSmallDisk, type SmallDisk } from "../packages/store/test/small-disk.ts";
import { fourwire, startFourwire, startServer, temporaryFolder, type RunningServer } from "./command.ts";
import { seededRandom } from "./seeded-random.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder("repair");
});

afterEach(() => folder.remove());

const LINES = 6000;

/** In the open days: imported records go to the hot table. The same lines are the same records. */
const START = Date.now() - 3_600_000;

function linesOf(session: string, count: number): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      component: "ccp",
      level: "INFO",
      text: `${session} ${index} ${"padding ".repeat(index % 9)}`,
      time: new Date(START + index).toISOString(),
      loggerId: session,
    }),
  ).join("\n");
}

async function importLines(data: string, session: string): Promise<void> {
  const path = join(folder.path, `${session}.ndjson`);
  await writeFile(path, linesOf(session, LINES));
  expect(await fourwire("import", path, "--data", data, "--json")).toMatchObject({ exitCode: 0 });
}

async function countRecords(data: string): Promise<number> {
  const query = await fourwire(
    "query",
    "select count(*) as n, count(distinct record_id) as d from ccp_log",
    "--data",
    data,
    "--format",
    "json",
  );
  const [row] = JSON.parse(query.stdout) as [{ readonly n: number; readonly d: number }];
  expect(row.n).toBe(row.d);
  return row.n;
}

async function damageBlock(data: string, position: number): Promise<void> {
  const path = join(data, "fourwire.duckdb");
  const bytes = await readFile(path);
  bytes[position % bytes.length] = (bytes[position % bytes.length] ?? 0) ^ 0xff;
  await writeFile(path, bytes);
}

test(
  "repair makes a directory usable again that does not open, and says what is lost",
  { timeout: 120_000 },
  async () => {
    const data = join(folder.path, "data");
    await importLines(data, "first");
    await damageBlock(data, 100);
    expect(await fourwire("query", "select 1", "--data", data)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("fourwire repair"),
    });
    const repair = await fourwire("repair", "--data", data);
    expect(repair).toMatchObject({ exitCode: 0, stderr: "" });
    expect(repair.stdout).toContain("database file: damaged, made anew of what could be read");
    expect(repair.stdout).toContain(`kept as it was found: ${join(data, "broken-")}`);
    expect(await countRecords(data)).toBe(LINES);
    const again = await fourwire("repair", "--data", data, "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ database: "sound", lost: [], records: { ccp_log: LINES } });
  },
);

test(
  "a repair that is killed loses nothing more: repaired again, all that is readable is there",
  { timeout: 240_000 },
  async () => {
    const data = join(folder.path, "data");
    await importLines(data, "first");
    for (let round = 0; round < 4; round++) {
      await damageBlock(data, 100);
      const command = startFourwire(["repair", "--data", data]);
      await new Promise((resolve) => setTimeout(resolve, 400 + 900 * seededRandom(round)()));
      command.child.kill("SIGKILL");
      await command.ended;
      expect(await fourwire("repair", "--data", data), `round ${round}`).toMatchObject({ exitCode: 0 });
      expect(await countRecords(data), `round ${round}`).toBe(LINES);
    }
  },
);

test("a missing lake file does not keep the server from serving the rest", async () => {
  const data = join(folder.path, "data");
  const path = join(folder.path, "old.ndjson");
  await writeFile(path, linesOf("old", LINES).replaceAll(/"time":"\d{4}-\d\d-\d\d/g, '"time":"2026-10-18'));
  expect(await fourwire("import", path, "--data", data, "--json")).toMatchObject({ exitCode: 0 });
  await rename(join(data, "lake", "ccp_log"), join(folder.path, "elsewhere"));
  const server = await startServer(data);
  expect((await fetch(`${server.url}/v1/status`)).status).toBe(200);
  expect((await server.stop()).stderr).toContain(`its ${LINES} records are left out until it is back`);
});

let disk: SmallDisk | undefined;
let fullServer: RunningServer | undefined;

afterEach(async () => {
  await fullServer?.kill();
  fullServer = undefined;
  disk?.remove();
  disk = undefined;
});

/** What a server without room answers: where no disk of its own can be mounted, its files may not grow instead. */
function noRoomFor(
  server: { readonly child: ChildProcess },
  small: SmallDisk,
): { readonly code: string; fill(): void; empty(): void } {
  if (!small.kind.startsWith("injected"))
    return { code: "disk_full", fill: () => small.fill(2_000_000), empty: () => small.empty() };
  const limit = (bytes: string): void => {
    execFileSync("prlimit", ["--pid", String(server.child.pid), `--fsize=${bytes}:unlimited`]);
  };
  return { code: "store_write_failed", fill: () => limit("1"), empty: () => limit("unlimited") };
}

test(
  "a server without room answers 503 with Retry-After, is read, and goes on by itself",
  { timeout: 120_000 },
  async () => {
    disk = createSmallDisk();
    const running = await startServer(join(disk.path, "data"));
    fullServer = running;
    const room = noRoomFor(running, disk);
    const post = (path: string, body: string): Promise<Response> =>
      fetch(`${running.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${running.token}` },
        body,
      });
    const send = (session: string): Promise<Response> => post("/v1/records/ccp_log", linesOf(session, 100));
    const count = async (): Promise<unknown> =>
      ((await (await post("/v1/query", '{"sql":"select count(*) from ccp_log"}')).json()) as { readonly rows: unknown })
        .rows;
    expect((await send("first")).status).toBe(200);
    expect(await count()).toEqual([[100]]);
    room.fill();
    await expect.poll(async () => (await send("first")).status, { timeout: 60_000 }).toBe(503);
    const refused = await send("refused");
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([503, true]);
    expect(await refused.json()).toMatchObject({ code: room.code, docs: `docs/errors.md#${room.code}` });
    expect(await count()).toEqual([[100]]);
    room.empty();
    await expect.poll(async () => (await send("again")).status, { timeout: 60_000 }).toBe(200);
    expect(await count()).toEqual([[200]]);
  },
);
