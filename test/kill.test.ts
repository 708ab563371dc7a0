import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { gzipSync } from "node:zlib";
import type { Store } from "@fourwire/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../packages/server/src/cli/open-store.ts";
import { fourwire, startFourwire, startServer, temporaryFolder } from "./command.ts";
import { seededRandom } from "./seeded-random.ts";

// What a power failure must not do (promise P1): lose what was acknowledged, or store anything twice.

/** All rounds together; `npm run torture` asks for more. */
const ROUNDS = Number(process.env["FOURWIRE_KILL_ROUNDS"] ?? 20);
const IMPORT_ROUNDS = Math.ceil(0.3 * ROUNDS);
const SERVE_ROUNDS = Math.ceil(0.5 * ROUNDS);
const REPLAY_ROUNDS = ROUNDS - IMPORT_ROUNDS - SERVE_ROUNDS;

/** The first seed; another shifts every random point. A failure names the seed of its round. */
const SEED = Number(process.env["FOURWIRE_KILL_SEED"] ?? 20_261_121);

/** A round takes a few seconds; a machine with other work takes longer. */
const ROUND_TIMEOUT_MS = 30_000;
const TEST_TIMEOUT_MS = 60_000 + ROUNDS * ROUND_TIMEOUT_MS;

/** `npm run torture` shows how far it is. */
function progress(what: string, round: number, rounds: number): void {
  if (process.env["FOURWIRE_KILL_PROGRESS"] !== undefined)
    process.stderr.write(`${what}: round ${round + 1} of ${rounds} held\n`);
}

/** More than 20,000 of one closed day go to the lake at once; the others pass through the hot table. */
const CLOSED_DAY_LINES = 24_000;
const OTHER_LINES = 3000;

const CLOSED_DAY = Date.UTC(2026, 9, 18, 9);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let logs = "";

function ccpLine(session: string, index: number): string {
  return JSON.stringify({
    component: "ccp",
    level: "INFO",
    text: `${session} ${index}`,
    time: new Date(CLOSED_DAY + index).toISOString(),
    loggerId: session,
  });
}

function flowEntry(index: number): string {
  return JSON.stringify({
    ContactId: `contact-${index % 50}`,
    ContactFlowId:
      "arn:aws:connect:us-east-2:012345678901:instance/11111111-2222-3333-4444-555555555555/contact-flow/f-1",
    ContactFlowModuleType: "SetQueue",
    Timestamp: new Date(CLOSED_DAY + (index % 3) * 86_400_000 + index).toISOString(),
  });
}

function linesOf(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${make(index)}\n`).join("");
}

const EXPECTED = { ccp_log: CLOSED_DAY_LINES + OTHER_LINES, flow_log: OTHER_LINES };

beforeAll(async () => {
  folder = await temporaryFolder("kill");
  logs = join(folder.path, "logs");
  await mkdir(logs);
  await writeFile(
    join(logs, "large.ndjson"),
    linesOf(CLOSED_DAY_LINES, (index) => ccpLine("large", index)),
  );
  await writeFile(
    join(logs, "small.ndjson"),
    linesOf(OTHER_LINES, (index) => ccpLine("small", index)),
  );
  await writeFile(join(logs, "flow.gz"), gzipSync(linesOf(OTHER_LINES, flowEntry)));
});

afterAll(() => folder.remove());

/** Stored and distinct records of each source. */
async function countRecords(store: Store): Promise<Record<string, readonly [unknown, unknown]>> {
  const sql = "select source, count(*), count(distinct record_id) from log_record group by 1";
  const { rows } = await store.query({ sql, limit: 10, timeoutMs: 60_000 });
  return Object.fromEntries(rows.map(([source, stored, distinct]) => [String(source), [stored, distinct]]));
}

/** Resolves when the time has passed or the promise is settled, whichever is first. */
async function atMost(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise, new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
  clearTimeout(timer);
}

describe("kill -9 during import", () => {
  test(
    `${IMPORT_ROUNDS} times at random points: imported again, every record is there exactly once`,
    async () => {
      const started = performance.now();
      expect(await fourwire("import", logs, "--data", join(folder.path, "whole"), "--json")).toMatchObject({
        exitCode: 0,
      });
      const wholeMs = performance.now() - started;
      let killed = 0;
      for (let round = 0; round < IMPORT_ROUNDS; round++) {
        const random = seededRandom(SEED + round);
        const data = join(folder.path, `import-${round}`);
        const command = startFourwire(["import", logs, "--data", data, "--json"]);
        // the first fifth is the start of the process; nothing is stored then
        await atMost(wholeMs * (0.2 + 0.8 * random()), command.ended);
        command.child.kill("SIGKILL");
        if ((await command.ended).signal === "SIGKILL") killed++;
        const again = await fourwire("import", logs, "--data", data, "--json");
        expect(again, `seed ${SEED + round}: ${again.stderr}`).toMatchObject({ exitCode: 0 });
        const store = await openStore({ path: data, command: "test" });
        const counts = await countRecords(store);
        await store.close();
        expect(counts, `seed ${SEED + round}`).toEqual({
          ccp_log: [EXPECTED.ccp_log, EXPECTED.ccp_log],
          flow_log: [EXPECTED.flow_log, EXPECTED.flow_log],
        });
        await rm(data, { recursive: true });
        progress("import", round, IMPORT_ROUNDS);
      }
      // rounds in which the import was faster than the clock prove nothing
      expect(killed).toBeGreaterThan(IMPORT_ROUNDS / 2);
    },
    TEST_TIMEOUT_MS,
  );
});

interface Sender {
  /** Texts of records whose storing the server has confirmed. */
  readonly acknowledged: readonly string[];
  /** Resolves with the first confirmation. */
  readonly first: Promise<void>;
  readonly ended: Promise<void>;
}

/** Sends batches until the server is gone. Every text is sent once. */
function sendBatches(server: { readonly url: string; readonly token: string }, session: string): Sender {
  const acknowledged: string[] = [];
  let confirm: (() => void) | undefined;
  const first = new Promise<void>((resolve) => (confirm = resolve));
  const send = async (): Promise<void> => {
    for (let batch = 0; ; batch++) {
      const indexes = Array.from({ length: 40 }, (_, index) => batch * 40 + index);
      const response = await fetch(`${server.url}/v1/records/ccp_log`, {
        method: "POST",
        headers: { authorization: `Bearer ${server.token}` },
        body: indexes.map((index) => ccpLine(session, index)).join("\n"),
      });
      const result: unknown = await response.json();
      expect(result).toEqual({ appended: 40, duplicate: 0, rejected: 0 });
      acknowledged.push(...indexes.map((index) => `${session} ${index}`));
      confirm?.();
    }
  };
  return {
    acknowledged,
    first,
    ended: send().catch((error: unknown) => {
      // the connection breaks when the server is killed; anything else is a failure of this test
      if (!(error instanceof TypeError)) throw error;
    }),
  };
}

describe("kill -9 during serve", () => {
  test(
    `${SERVE_ROUNDS} times at random points: every acknowledged record is there exactly once`,
    async () => {
      const data = join(folder.path, "serve");
      const acknowledged: string[] = [];
      for (let round = 0; round < SERVE_ROUNDS; round++) {
        const random = seededRandom(SEED + 1000 + round);
        // opening mends what the kill of the round before left; the records' day is closed, so they begin to move at once
        const server = await startServer(data);
        const senders = [0, 1, 2].map((sender) => sendBatches(server, `round-${round}-${sender}`));
        // every second kill comes after something was acknowledged, however slow the machine is
        if (round % 2 === 0) await Promise.race(senders.map((sender) => sender.first));
        await atMost(10 + 250 * random(), once(server.child, "exit"));
        await server.kill();
        for (const sender of senders) {
          await sender.ended;
          acknowledged.push(...sender.acknowledged);
        }
        if (round % 5 !== 4 && round !== SERVE_ROUNDS - 1) continue;
        const store = await openStore({ path: data, command: "test" });
        const { rows } = await store.query({
          sql: "select message, count(*) from ccp_log group by 1",
          limit: 1_000_000,
          timeoutMs: 60_000,
        });
        const counts = await countRecords(store);
        await store.close();
        const times = new Map(rows.map(([message, count]) => [String(message), count]));
        expect(
          acknowledged.filter((text) => times.get(text) !== 1),
          `up to seed ${SEED + 1000 + round}`,
        ).toEqual([]);
        expect(counts["ccp_log"]?.[0], `up to seed ${SEED + 1000 + round}`).toBe(counts["ccp_log"]?.[1]);
        progress("serve", round, SERVE_ROUNDS);
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(SERVE_ROUNDS * 20);
    },
    TEST_TIMEOUT_MS,
  );
});

const REPLAYED = 3000;
const TORN = 200;

/** Rejected records of an older version, most of which can be decoded now. */
async function storeRejected(data: string): Promise<void> {
  const store = await openStore({ path: data, command: "test" });
  const bodies = Array.from({ length: REPLAYED + TORN }, (_, index) =>
    index % 16 === 15 ? `{"torn ${index}` : ccpLine("rejected", index),
  );
  const rejected = bodies.map((body, position) => ({
    source: "ccp_log",
    reason: "bad_time",
    detail: "",
    origin: "agent-log.txt",
    position,
    size_bytes: body.length,
    body: Buffer.from(body),
  }));
  await store.append({ batches: [], rejected });
  await store.close();
}

/** Texts of what is stored and of what is rejected: together each record, never in both. */
async function countReplayed(
  data: string,
): Promise<{ readonly stored: number; readonly left: number; readonly torn: number }> {
  const store = await openStore({ path: data, command: "test" });
  const { rows } = await store.query({
    sql: `select (select count(distinct message) from ccp_log), (select count(*) from ccp_log),
      (select count(*) from rejected_record where not starts_with(decode(body), '{"torn')),
      (select count(*) from rejected_record where starts_with(decode(body), '{"torn'))`,
    limit: 1,
    timeoutMs: 60_000,
  });
  await store.close();
  const [distinct, stored, left, torn] = (rows[0] ?? []).map(Number);
  expect(distinct).toBe(stored);
  return { stored: stored ?? 0, left: left ?? 0, torn: torn ?? 0 };
}

describe("kill -9 during replay", () => {
  test(
    `${REPLAY_ROUNDS} times at random points: every rejected record is stored or rejected, never both`,
    async () => {
      const torn = Array.from({ length: REPLAYED + TORN }, (_, index) => index % 16).filter(
        (rest) => rest === 15,
      ).length;
      const good = REPLAYED + TORN - torn;
      let killed = 0;
      for (let round = 0; round < REPLAY_ROUNDS; round++) {
        const seed = SEED + 2000 + round;
        const data = join(folder.path, `replay-${round}`);
        await storeRejected(data);
        const command = startFourwire(["records", "replay", "--data", data, "--json"]);
        await atMost(300 + 1500 * seededRandom(seed)(), command.ended);
        command.child.kill("SIGKILL");
        if ((await command.ended).signal === "SIGKILL") killed++;
        const between = await countReplayed(data);
        expect([between.stored + between.left, between.torn], `seed ${seed}`).toEqual([good, torn]);
        const again = await fourwire("records", "replay", "--data", data, "--json");
        expect(again, `seed ${seed}: ${again.stderr}`).toMatchObject({ exitCode: 0 });
        expect(await countReplayed(data), `seed ${seed}`).toEqual({ stored: good, left: 0, torn });
        await rm(data, { recursive: true });
        progress("replay", round, REPLAY_ROUNDS);
      }
      expect(killed).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );
});
