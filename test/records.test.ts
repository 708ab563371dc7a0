import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../packages/server/src/cli/open-store.ts";
import { fourwire, startServer, temporaryFolder, type RunningServer } from "./command.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningServer | undefined;

beforeAll(async () => {
  folder = await temporaryFolder("records");
});

afterAll(async () => {
  await server?.stop();
  await folder.remove();
});

/** Stores what an older version could not decode, and one that nobody can. */
async function storeRejected(name: string): Promise<void> {
  const line = JSON.stringify({
    component: "ccp",
    level: "INFO",
    text: name,
    time: "2026-11-20T09:00:00Z",
    loggerId: "1",
  });
  const store = await openStore({ path: folder.path, command: "test" });
  const rejected = [line, '{"torn'].map((body) => ({
    source: "ccp_log",
    reason: "bad_time",
    detail: "",
    origin: "agent-log.txt",
    position: 0,
    size_bytes: body.length,
    body: Buffer.from(body),
  }));
  await store.append({ batches: [], rejected });
  await store.close();
}

test("records replay stores what can be decoded now, by itself and through a running server", async () => {
  await storeRejected("first");
  const alone = await fourwire("records", "replay", "--data", folder.path, "--json");
  expect(alone).toMatchObject({ exitCode: 0, stderr: "" });
  expect(JSON.parse(alone.stdout)).toMatchObject({ selected: 2, recovered: 1, still_rejected: 1, appended: 1 });

  await storeRejected("second");
  server = await startServer(folder.path);
  const asked = await fourwire(
    "records",
    "replay",
    "--reason",
    "bad_time",
    "--since",
    "2026-01-01T00:00:00Z",
    "--data",
    folder.path,
  );
  expect(asked).toMatchObject({ exitCode: 0, stderr: "" });
  // the torn one is rejected for its present reason since the first replay
  expect(asked.stdout).toBe(
    "1 rejected records: 1 decoded now, 0 still rejected\n  1 records appended, 0 were stored already\n",
  );
  const query = await fourwire(
    "query",
    "select message from ccp_log order by 1",
    "--data",
    folder.path,
    "--format",
    "json",
  );
  expect(JSON.parse(query.stdout)).toEqual([{ message: "first" }, { message: "second" }]);
});

test("records replay names what is wrong with its flags", async () => {
  expect(await fourwire("records", "replay", "--reason", "bad_tim", "--data", folder.path)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("bad_time"),
  });
  expect(await fourwire("records", "replay", "--since", "yesterday", "--data", folder.path)).toMatchObject({
    exitCode: 2,
  });
});
