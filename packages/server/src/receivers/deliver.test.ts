import { gzipSync } from "node:zlib";
import { AppError } from "@fourwire/core";
import type { AppendRequest, AppendResult } from "@fourwire/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, flowEntry, TemporaryServer, toLines } from "../../test/temporary-server.ts";
import { deliver, sleep } from "./deliver.ts";
import type { ReceivedMessage } from "./receiver.ts";

let server: TemporaryServer;
let delivered = 0;

beforeAll(async () => {
  server = await TemporaryServer.create();
});
afterAll(() => server.remove());

function message(content: string | Buffer | object): ReceivedMessage {
  const isBytes = typeof content === "string" || Buffer.isBuffer(content);
  return { bytes: Buffer.from(isBytes ? content : JSON.stringify(content)), origin: `test/${delivered++}` };
}

const { signal } = new AbortController();

function take(...contents: (string | Buffer | object)[]) {
  return deliver(server.context, contents.map(message), signal);
}

/** Reasons of what was rejected of a message, by its number. */
async function reasonsOf(number: number) {
  const sql = `select reason from rejected_record where origin = 'test/${number}'`;
  return (await server.context.store.query({ sql, limit: 5000, timeoutMs: 10_000 })).rows.flat();
}

describe("messages", () => {
  test("of several sources, plain and gzip, one value or many, are stored in one go", async () => {
    const concatenated = JSON.stringify(flowEntry("c-2", 2)) + JSON.stringify(flowEntry("c-3", 3));
    expect(
      await take(
        flowEntry("c-1", 1),
        concatenated,
        toLines([ccpLine("a", 4), ccpLine("b", 5)]),
        gzipSync(gzipSync(JSON.stringify(flowEntry("c-4", 6)))),
      ),
    ).toEqual({ appended: 6, duplicate: 0, rejected: 0, dropped: {} });
  });

  test("delivered again are duplicates", async () => {
    expect(await take(flowEntry("c-1", 1), flowEntry("c-1", 1))).toMatchObject({ appended: 0, duplicate: 2 });
  });

  test("that only probe are dropped and counted", async () => {
    const probe = { messageType: "CONTROL_MESSAGE", owner: "CloudwatchLogs", logEvents: [{ id: "", message: "CWL" }] };
    expect(await take(gzipSync(JSON.stringify(probe)), probe)).toEqual({
      appended: 0,
      duplicate: 0,
      rejected: 0,
      dropped: { control_message: 2 },
    });
  });

  test("of a damaged carrier are rejected as they came", async () => {
    const fault = { reason: "corrupt_aggregate", detail: "wrong checksum" } as const;
    const result = await deliver(server.context, [{ ...message("{}"), fault }], signal);
    expect(result).toMatchObject({ appended: 0, rejected: 1 });
    expect(await reasonsOf(delivered - 1)).toEqual(["corrupt_aggregate"]);
  });
});

describe("one bad message", () => {
  const good = (() => {
    let made = 0;
    return () => flowEntry(`good-${made++}`, 1000 + made);
  })();

  test.each<[string, Buffer | string, string]>([
    ["random bytes", Buffer.from("b1946ac92492d2347c6235b4d2611184ff00fe", "hex"), "invalid_json"],
    ["broken gzip", Buffer.from("1f8b0800000000000003ffffffff", "hex"), "corrupt_gzip"],
    ["four layers of gzip", gzipSync(gzipSync(gzipSync(gzipSync("{}")))), "inflate_limit"],
    ["a gzip bomb of zeros", gzipSync(Buffer.alloc(160 * 1024 * 1024)), "inflate_limit"],
    ["bytes that are not UTF-8", Buffer.from('{"ContactId":"caf\xe9"}', "latin1"), "invalid_utf8"],
    ["JSON of another kind", '{"hello":"world"}', "unknown_shape"],
    ["a torn record", '{"ContactId":"c-9","Contact', "invalid_json"],
    ["deep nesting", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, "too_deep"],
    ["a JSON text", '"hello"', "invalid_json"],
    ["10 MiB of text, the largest record of Kinesis", Buffer.alloc(10 * 1024 * 1024, "a"), "invalid_json"],
    ["10 MiB that open and never close", Buffer.alloc(10 * 1024 * 1024, "{"), "invalid_json"],
  ])("costs only itself: %s", async (_name, bad, reason) => {
    const first = delivered;
    expect(await take(good(), bad, good())).toEqual({ appended: 2, duplicate: 0, rejected: 1, dropped: {} });
    expect(await reasonsOf(first + 1)).toEqual([reason]);
  });

  test("of nothing is nothing", async () => {
    expect(await take("", good(), "\n", gzipSync(""))).toMatchObject({ appended: 1 });
  });

  test("of a thousand and more bad values is kept as a whole, its good ones are stored", async () => {
    const bomb = gzipSync(`${"{}\n".repeat(300_000)}${JSON.stringify(good())}\n${"{}\n".repeat(300_000)}`);
    const result = await take(bomb);
    expect(result).toEqual({ appended: 1, duplicate: 0, rejected: 1001, dropped: {} });
    const sql = "select size_bytes, detail from rejected_record where reason = 'too_many_rejected'";
    const { rows } = await server.context.store.query({ sql, limit: 10, timeoutMs: 10_000 });
    expect(rows).toEqual([[bomb.length, expect.stringContaining("599000 more values")]]);
  });
});

describe("while the store refuses", () => {
  const taken: AppendResult = { sources: new Map(), duplicateIds: new Set() };
  const full = new AppError("store_write_failed", "cannot store records: no space", { retryable: true });

  /** A store that answers in turn, and what was offered to it. */
  function storeOf(answers: readonly ("busy" | Error | AppendResult)[]) {
    const left = [...answers];
    const offered: AppendRequest[] = [];
    const waits: number[] = [];
    const refusals: string[] = [];
    const store = {
      get isBusy() {
        if (left[0] !== "busy") return false;
        left.shift();
        return true;
      },
      append: (request: AppendRequest) => {
        offered.push(request);
        const answer = left.shift();
        return answer === undefined || answer === "busy" || answer instanceof Error
          ? Promise.reject(answer instanceof Error ? answer : new Error("asked too often"))
          : Promise.resolve(answer);
      },
    };
    const target = {
      store,
      tail: { publish: () => undefined },
      sleep: (ms: number) => {
        waits.push(ms);
        return Promise.resolve();
      },
    };
    return { target, offered, waits, refusals };
  }

  test("the same records are offered until it takes them", async () => {
    const { target, offered, waits, refusals } = storeOf(["busy", full, full, "busy", taken]);
    await deliver(target, [message(flowEntry("c-1"))], signal, (reason) => refusals.push(reason));
    expect(offered.length).toBe(3);
    expect(new Set(offered).size).toBe(1);
    expect(waits).toEqual([250, 500, 1000, 2000]);
    expect(refusals).toEqual([
      "too much is waiting to be stored",
      full.message,
      full.message,
      "too much is waiting to be stored",
    ]);
  });

  test("a stop waits for what is being stored", async () => {
    const stopping = new AbortController();
    let isStored = false;
    const store = {
      isBusy: false,
      append: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        isStored = true;
        return taken;
      },
    };
    const many = Array.from({ length: 9000 }, (_, index) => message(flowEntry(`stop-${index}`)));
    const delivery = deliver({ store, tail: { publish: () => stopping.abort() } }, many, stopping.signal);
    await expect(delivery).rejects.toThrow("aborted");
    expect(isStored).toBe(true);
  });

  test("a stop ends the waiting", async () => {
    const stopping = new AbortController();
    const { target } = storeOf(Array.from({ length: 50 }, () => "busy" as const));
    const delivery = deliver(target, [message(flowEntry("c-1"))], stopping.signal, () => stopping.abort());
    await expect(delivery).rejects.toThrow("aborted");
  });

  test("a bug is not retried", async () => {
    const { target, offered } = storeOf([new TypeError("rows is undefined"), taken]);
    await expect(deliver(target, [message(flowEntry("c-1"))], signal)).rejects.toThrow("rows is undefined");
    expect(offered.length).toBe(1);
  });
});

test("ten thousand messages leave the event loop its turns", async () => {
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const messages = Array.from({ length: 10_000 }, (_, index) => message(flowEntry(`many-${index}`, index)));
  const result = await deliver(server.context, messages, signal);
  clearInterval(ticking);
  expect(result.appended).toBe(10_000);
  expect(turns).toBeGreaterThan(5);
});

test("a sleep ends at once when it is no longer wanted", async () => {
  const stopping = new AbortController();
  const sleeping = sleep(60_000, stopping.signal);
  stopping.abort();
  expect(await Promise.all([sleeping, sleep(60_000, stopping.signal)])).toEqual([undefined, undefined]);
});
