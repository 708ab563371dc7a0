import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as timer } from "node:timers/promises";
import { unixMillis, type SourceRecord } from "@fourwire/core";
import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendRows, NINE, query, rowOf, TemporaryData } from "../test/rows.ts";
import { readOwner } from "./data-directory.ts";

let data: TemporaryData;

beforeEach(async () => {
  data = await TemporaryData.create();
});

afterEach(() => data.remove());

/** A process of its own that holds the database file until it is killed. */
async function holdFromAnotherProcess(databasePath: string): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const script = join(data.path, "hold.mjs");
  const duckdb = import.meta.resolve("@duckdb/node-api");
  await writeFile(
    script,
    `import { DuckDBInstance } from ${JSON.stringify(duckdb)};
     const instance = await DuckDBInstance.create(process.argv[2]);
     process.send("held");
     setInterval(() => instance, 1000);`,
  );
  const child = fork(script, [databasePath], { execArgv: [] });
  await once(child, "message");
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

describe("one process owns the directory", () => {
  test("a second one is told who holds it, and can open it once the first is dead", async () => {
    const store = await data.open();
    const { directory } = store;
    await data.close(store);
    const holder = await holdFromAnotherProcess(directory.databasePath);
    await writeFile(
      directory.ownerPath,
      JSON.stringify({ pid: holder.pid, command: "serve", started_time: "", url: "http://127.0.0.1:4004", token: "t" }),
    );
    await expect(data.open()).rejects.toMatchObject({
      code: "store_locked",
      message: `data directory "${data.path}" is in use by fourwire serve (process ${holder.pid} at http://127.0.0.1:4004); stop it or use another --data`,
    });
    await holder.kill();
    expect(await readOwner(directory)).toBeUndefined();
    expect(await query(await data.open(), "select 1")).toEqual([[1]]);
  });

  test("one that a command holds for a moment is waited for", async () => {
    const store = await data.open();
    const { directory } = store;
    await data.close(store);
    const holder = await holdFromAnotherProcess(directory.databasePath);
    const owner = { pid: holder.pid, command: "token", started_time: "", url: null, token: null };
    await writeFile(directory.ownerPath, JSON.stringify(owner));
    const opening = data.open();
    // the wait began: a second look at the directory finds its owner unchanged
    expect(await Promise.race([opening.then(() => "open"), timer(150, "waiting")])).toBe("waiting");
    await holder.kill();
    expect(await query(await opening, "select 1")).toEqual([[1]]);
  });

  test("on a disk too full for the owner's file it is open, and the file is written later", async () => {
    const store = await data.open();
    const { directory } = store;
    // what is written to it meets a full disk
    await symlink("/dev/full", `${directory.ownerPath}.${process.pid}`);
    expect(await store.announce({ command: "serve", url: "http://127.0.0.1:1", token: "t" })).toBe(false);
    expect(await store.announce({ command: "serve", url: "http://127.0.0.1:1", token: "t" })).toBe(true);
    expect(await readOwner(directory)).toMatchObject({ url: "http://127.0.0.1:1" });
  });

  test("closing waits for a query that runs, and refuses those that come later", async () => {
    const store = await data.open();
    const running = query(store, "select count(*) from range(60000000) a where a.range % 7 = 3");
    const closing = data.close(store);
    expect(await running).toEqual([[8_571_429]]);
    await closing;
    await expect(query(store, "select 1")).rejects.toMatchObject({ code: "store_closed" });
  });

  test("the owner's file names this process while it is open, is private, and is gone afterwards", async () => {
    const store = await data.open({ command: "import" });
    expect(await readOwner(store.directory)).toMatchObject({
      pid: process.pid,
      command: "import",
      url: null,
      token: null,
    });
    await store.announce({ command: "serve", url: "http://127.0.0.1:1", token: "secret" });
    expect(await readOwner(store.directory)).toMatchObject({ url: "http://127.0.0.1:1", token: "secret" });
    await data.close(store);
    await expect(readFile(store.directory.ownerPath)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("half an owner's file, as a crash may leave it, is no owner", async () => {
    const store = await data.open();
    await writeFile(store.directory.ownerPath, '{"pid":');
    expect(await readOwner(store.directory)).toBeUndefined();
  });
});

describe("opening", () => {
  test("a file that is no database says which file", async () => {
    await writeFile(join(data.path, "fourwire.duckdb"), "this is not a database".repeat(1000));
    await expect(data.open()).rejects.toMatchObject({
      code: "store_open_failed",
      message: expect.stringContaining(join(data.path, "fourwire.duckdb")),
    });
  });

  test("a directory of a newer version is refused, with the remedy", async () => {
    const store = await data.open();
    await data.close(store);
    const instance = await DuckDBInstance.create(store.directory.databasePath);
    const connection = await instance.connect();
    await connection.run("update store.store_meta set value = '99' where key = 'store_version'");
    connection.closeSync();
    instance.closeSync();
    await expect(data.open()).rejects.toMatchObject({
      code: "store_open_failed",
      message: expect.stringMatching(/newer fourwire .*upgrade/),
    });
  });

  test("a quote in the directory's name is a quote in a name", async () => {
    const quoted = await TemporaryData.create();
    const { Store } = await import("./store.ts");
    const store = await Store.open({ path: join(quoted.path, "it's data"), command: "test" });
    await appendRows(store, [rowOf("ccp_log", "a")]);
    await store.moveClosedDays("2027-01-01");
    expect(await query(store, "select message from ccp_log")).toEqual([["a"]]);
    await store.close();
    await quoted.remove();
  });
});

describe("the view of contact records", () => {
  const delivery = (index: number, update: number | undefined, disconnect: string): SourceRecord =>
    rowOf("contact_record", `delivery ${index}`, {
      contact_id: "c-1",
      event_time: unixMillis(NINE),
      last_update_time: update === undefined ? undefined : unixMillis(NINE + update),
      message: disconnect,
    });
  const deliveries = [
    delivery(0, undefined, "never updated"),
    delivery(1, 10, "first"),
    delivery(2, 5000, "newest"),
    delivery(3, 900, "middle"),
  ];

  test("shows the newest update of a contact, whatever the order of deliveries, wherever they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.nat(4), async (order, movedAfter) => {
        const fresh = await TemporaryData.create();
        const store = await fresh.open();
        for (const [position, index] of order.entries()) {
          if (position === movedAfter) await store.moveClosedDays("2026-11-22");
          await appendRows(store, deliveries.slice(index, index + 1));
        }
        expect(await query(store, "select contact_id, message from contact_record")).toEqual([["c-1", "newest"]]);
        expect(await query(store, "select message from log_record")).toEqual([["newest"]]);
        await fresh.remove();
      }),
      { numRuns: 8 },
    );
  });
});
