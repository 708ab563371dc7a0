import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RejectedInput, Store } from "@fourwire/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./cli/open-store.ts";
import { LiveTail } from "./live-tail.ts";
import { deliver } from "./receivers/deliver.ts";
import { replayRejected, type ReplayReport } from "./replay-rejected.ts";

let path: string;
let store: Store;
let now = Date.now();
const tail = new LiveTail();

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "fourwire-replay-"));
  store = await openStore({ path, command: "test" });
});

afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true, force: true });
});

/** What an older version rejected, though its bytes are a record. */
function rejectedOf(body: string, fields: Partial<RejectedInput> = {}): RejectedInput {
  return {
    source: "ccp_log",
    reason: "bad_time",
    detail: "an older version could not read it",
    origin: "agent-log.txt",
    position: 3,
    size_bytes: Buffer.byteLength(body),
    body: Buffer.from(body),
    ...fields,
  };
}

function ccpLine(text: string): string {
  return JSON.stringify({ component: "ccp", level: "INFO", text, time: "2026-11-20T09:00:00.000Z", loggerId: "1-a" });
}

const FLOW_ENTRY = JSON.stringify({
  ContactId: "11111111-2222-3333-4444-555555555555",
  ContactFlowId: "arn:aws:connect:us-east-2:012345678901:instance/i-1/contact-flow/f-1",
  ContactFlowModuleType: "SetQueue",
  Timestamp: "2026-11-20T09:00:00.000Z",
});

function replay(selection: Parameters<typeof replayRejected>[0]["selection"] = {}): Promise<ReplayReport> {
  now = Math.max(now + 1, Date.now() + 1);
  return replayRejected({ store, selection, now });
}

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await store.query({ sql, limit: 1000, timeoutMs: 10_000 })).rows;
}

async function send(...bodies: readonly string[]): Promise<void> {
  for (const [index, body] of bodies.entries())
    await deliver(
      { store, tail },
      [{ bytes: Buffer.from(body), origin: `shard/${index}` }],
      new AbortController().signal,
    );
}

const NOTHING: ReplayReport = {
  selected: 0,
  recovered: 0,
  still_rejected: 0,
  cut: 0,
  not_allowed: 0,
  appended: 0,
  duplicate: 0,
};

test("what can be decoded now is stored and no longer rejected, what cannot stays with its count of attempts", async () => {
  await store.append({ batches: [], rejected: [rejectedOf(ccpLine("hello")), rejectedOf('{"torn')] });
  expect(await replay()).toEqual({ ...NOTHING, selected: 2, recovered: 1, still_rejected: 1, appended: 1 });
  expect(await rows("select message from ccp_log")).toEqual([["hello"]]);
  expect(await rows("select decode(body), replay_count, delivery_count from rejected_record")).toEqual([
    ['{"torn', 1, 1],
  ]);
  expect(await replay()).toEqual({ ...NOTHING, selected: 1, still_rejected: 1 });
  expect(await store.rejected({ limit: 9 })).toMatchObject([{ replay_count: 2, delivery_count: 1, body: '{"torn' }]);
});

test("a record that came again and was stored meanwhile is a duplicate", async () => {
  await store.append({ batches: [], rejected: [rejectedOf(ccpLine("hello"))] });
  await send(ccpLine("hello"));
  expect(await replay()).toEqual({ ...NOTHING, selected: 1, recovered: 1, duplicate: 1 });
  expect(await rows("select count(*) from ccp_log")).toEqual([[1]]);
});

test("the record is the one its wrapper would have made: same id, same time", async () => {
  const payload = (message: string): string =>
    JSON.stringify({
      messageType: "DATA_MESSAGE",
      owner: "012345678901",
      logGroup: "/aws/connect/demo",
      logStream: "s",
      logEvents: [{ id: "3741", timestamp: Date.UTC(2026, 10, 20, 9), message }],
    });
  await send(payload('{"ContactId": 7'));
  expect(await rows("select reason, carrier from rejected_record")).toEqual([
    ["invalid_json", expect.stringContaining('"id":"3741"')],
  ]);
  const [[carrier]] = (await rows("select carrier from rejected_record")) as [[string]];
  const flow = rejectedOf(FLOW_ENTRY, { source: "flow_log", carrier: JSON.parse(carrier) as object });
  await store.append({ batches: [], rejected: [flow] });
  expect(await replay({ source: "flow_log" })).toMatchObject({ recovered: 1, appended: 1 });
  const replayed = await rows("select record_id, original_id from flow_log");
  await send(payload(FLOW_ENTRY));
  expect(await rows("select record_id, original_id from flow_log")).toEqual(replayed);
});

test("of a wrapper that was rejected whole, what is readable is stored and the rest takes its place", async () => {
  const wrapper = `[${ccpLine("one")},{"no":"record"},${ccpLine("two")}]`;
  await store.append({ batches: [], rejected: [rejectedOf(wrapper, { source: "unknown", reason: "too_deep" })] });
  expect(await replay()).toEqual({ ...NOTHING, selected: 1, still_rejected: 1, appended: 2 });
  expect(await rows("select reason, decode(body), replay_count from rejected_record")).toEqual([
    ["unknown_shape", '{"no":"record"}', 1],
  ]);
});

test("what was cut when it was kept is counted and left alone", async () => {
  await store.append({ batches: [], rejected: [rejectedOf(ccpLine("begin"), { size_bytes: 5_000_000 })] });
  expect(await replay()).toEqual({ ...NOTHING, selected: 1, cut: 1 });
  expect(await rows("select replay_count from rejected_record")).toEqual([[0]]);
});

test("what a token was not allowed to send is replayed only by its reason", async () => {
  await store.append({ batches: [], rejected: [rejectedOf(ccpLine("hello"), { reason: "not_allowed" })] });
  expect(await replay()).toEqual({ ...NOTHING, selected: 1, not_allowed: 1 });
  expect(await rows("select count(*) from ccp_log")).toEqual([[0]]);
  expect(await replay({ reason: "not_allowed" })).toMatchObject({ recovered: 1, appended: 1 });
});

test("reason, source and time select", async () => {
  await store.append({
    batches: [],
    rejected: [rejectedOf(ccpLine("a")), rejectedOf(FLOW_ENTRY, { source: "flow_log", reason: "bad_type" })],
  });
  expect(await replay({ since: Date.now() + 60_000 })).toEqual(NOTHING);
  expect(await replay({ reason: "bad_type", source: "ccp_log" })).toEqual(NOTHING);
  expect(await replay({ source: "flow_log", since: 0 })).toMatchObject({ selected: 1, recovered: 1 });
  expect(await replay({ reason: "bad_time" })).toMatchObject({ selected: 1, recovered: 1 });
});

test("more than one page is replayed, with progress", async () => {
  const rejected = Array.from({ length: 100 }, (_, index) =>
    rejectedOf(index % 2 === 0 ? ccpLine(`${index}`) : `{${index}`),
  );
  await store.append({ batches: [], rejected });
  const seen: number[] = [];
  now = Date.now() + 1;
  const report = await replayRejected({ store, selection: {}, now, onProgress: ({ done }) => seen.push(done) });
  expect(report).toEqual({ ...NOTHING, selected: 100, recovered: 50, still_rejected: 50, appended: 50 });
  expect(seen.at(-1)).toBe(100);
  expect(seen.length).toBeGreaterThan(1);
});

test("a poisonous message delivered again, from another place too, is one rejected record with a count", async () => {
  await send('{"torn', '{"torn', '{"other');
  await send('{"torn');
  expect(await store.rejected({ limit: 9 })).toMatchObject([
    { body: '{"other', delivery_count: 1 },
    { body: '{"torn', delivery_count: 3 },
  ]);
});

test("a redacted body is whole, not cut", async () => {
  const line =
    '{"level":"INFO","text":"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc", torn';
  await send(line);
  expect(await rows("select octet_length(body) = size_bytes from rejected_record")).toEqual([[true]]);
  expect(await replay()).toMatchObject({ selected: 1, cut: 0 });
});
