import { createHmac } from "node:crypto";
import type { WfmEvent } from "@fourwire/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AgentWriter } from "../../test/agent-events.ts";
import { NINE, TemporaryServer } from "../../test/temporary-server.ts";
import { answerWith, hang, hangUp, WebhookTarget } from "../../test/webhook-target.ts";
import { wfmSchema } from "../config/wfm-config.ts";
import { retryAfterOf } from "./post.ts";
import { Webhook } from "./webhook.ts";

const MINUTE = 60_000;
const SECRET = "a secret that both know";

let server: TemporaryServer;
let target: WebhookTarget;
let ana: AgentWriter;
let clock = 0;
let webhooks: Webhook[] = [];
let pauses: number[] = [];
let said = "";

beforeEach(async () => {
  clock = 0;
  pauses = [];
  webhooks = [];
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const wfm = wfmSchema.parse({ keep_events: 100 });
  server = await TemporaryServer.create({ wfm }, () => NINE + 10 * MINUTE);
  target = await WebhookTarget.open();
  ana = new AgentWriter("agent-a", "ana.ruiz").login(0);
  await change("Available");
  await server.context.wfm.feed.start();
});

afterEach(async () => {
  for (const webhook of webhooks) webhook.close();
  await Promise.all(webhooks.map((webhook) => webhook.ended()));
  await target.close();
  await server.remove();
  vi.restoreAllMocks();
});

/** Gives the agent other statuses, one event each. */
async function change(...statuses: readonly string[]): Promise<void> {
  for (const status of statuses) ana.status(++clock * 1000, status);
  await server.ingest("agent_event", ana.take());
}

function start(options: Record<string, unknown> = {}): Webhook {
  const [settings] = wfmSchema.parse({
    webhooks: [{ name: "planning", url: target.url, secret: { env: "NOT_READ" }, ...options }],
  }).webhooks;
  if (settings === undefined) throw new Error("one webhook was written");
  const webhook = new Webhook({
    feed: server.context.wfm.feed,
    settings,
    secret: SECRET,
    now: () => NINE + 10 * MINUTE,
    // pauses end at once, so that the tests wait for nothing but answers
    sleep: async (ms) => {
      pauses.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  webhooks.push(webhook);
  webhook.start();
  return webhook;
}

function told(events: readonly WfmEvent[]): readonly (readonly [string, string | null])[] {
  return events.map((event) => [event.kind, event.status_name]);
}

/** The events without those that came again. */
function distinct(events: readonly WfmEvent[]): readonly WfmEvent[] {
  return [...new Map(events.map((event) => [event.event_id, event])).values()];
}

describe("a webhook", () => {
  test("is posted everybody's state, then what changes, signed", async () => {
    const webhook = start();
    await target.until((posts) => posts.length === 1);
    await change("Break");
    await target.until((posts) => posts.length === 2);
    expect(told(target.events)).toEqual([
      ["snapshot_start", null],
      ["snapshot", "Available"],
      ["change", "Break"],
    ]);
    for (const post of target.posts) {
      const timestamp = String(post.headers["x-fourwire-timestamp"]);
      const wanted = createHmac("sha256", SECRET).update(`${timestamp}.${post.text}`).digest("hex");
      expect(post.headers).toMatchObject({
        "content-type": "application/json",
        "x-fourwire-signature": `v1=${wanted}`,
        "x-fourwire-delivery": post.body.delivery_id,
      });
      expect(timestamp).toBe(String((NINE + 10 * MINUTE) / 1000));
    }
    await vi.waitFor(() => expect(webhook.status()).toMatchObject({ state: "delivering", delivered_events: 3 }));
    expect(webhook.status()).toMatchObject({
      waiting_events: 0,
      failed_attempts: 0,
      last_status: 204,
      last_error: null,
    });
  });

  test("is posted a beat after everything before it", async () => {
    start();
    await target.until((posts) => posts.length === 1);
    server.context.wfm.feed.beat();
    await target.until((posts) => posts.length === 2);
    expect(target.events.at(-1)).toMatchObject({ kind: "beat", agent_count: 1 });
  });

  test.each([
    ["503", answerWith(503), 503],
    ["429", answerWith(429), 429],
    ["no answer in time", hang, null],
    ["a connection that is closed", hangUp, null],
  ])(
    "that answers with %s is posted the same bytes again, and what came meanwhile after it",
    async (_, answer, status) => {
      target.answers.push(answer, answer);
      const webhook = start({ timeout: answer === hang ? "1s" : "60s" });
      await target.until((posts) => posts.length >= 2);
      await change("Break", "Lunch");
      await target.until(() => target.events.some((event) => event.status_name === "Lunch"));
      const [first, second, third] = target.posts;
      expect([second?.text, third?.text]).toEqual([first?.text, first?.text]);
      expect(told(distinct(target.events))).toEqual([
        ["snapshot_start", null],
        ["snapshot", "Available"],
        ["change", "Break"],
        ["change", "Lunch"],
      ]);
      await vi.waitFor(() => expect(webhook.status()).toMatchObject({ state: "delivering", failed_attempts: 2 }));
      expect(status === null || said.includes(String(status))).toBe(true);
      expect(said).toContain("takes deliveries again");
      expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) * 1.2);
    },
  );

  test("waits as long as Retry-After asks", async () => {
    target.answers.push(answerWith(429, { "retry-after": "120" }));
    start();
    await target.until((posts) => posts.length === 2);
    expect(pauses).toEqual([120_000]);
  });

  test("that refuses for good is not posted that again, and gets a snapshot once it takes something", async () => {
    const webhook = start();
    await target.until((posts) => posts.length === 1);
    target.answers.push(answerWith(400));
    await change("Break");
    await target.until((posts) => posts.length === 2);
    await vi.waitFor(() => expect(webhook.status()).toMatchObject({ state: "refusing", refused_events: 1 }));
    await change("Lunch");
    await target.until((posts) => posts.length === 4);
    expect(target.posts.map((post) => told(post.body.events))).toEqual([
      [
        ["snapshot_start", null],
        ["snapshot", "Available"],
      ],
      [["change", "Break"]],
      [["change", "Lunch"]],
      [
        ["snapshot_start", null],
        ["snapshot", "Lunch"],
      ],
    ]);
    expect(said).toContain("refused 1 events for good, they are dropped: answered 400");
  });

  test("is not followed to where it redirects", async () => {
    const elsewhere = await WebhookTarget.open();
    target.answers.push(answerWith(307, { location: elsewhere.url }));
    const webhook = start();
    await vi.waitFor(() => expect(webhook.status()).toMatchObject({ state: "refusing", last_status: 307 }));
    expect(elsewhere.posts).toEqual([]);
    await elsewhere.close();
  });

  test("that is out for longer than changes are kept gets a snapshot in their place", async () => {
    const webhook = start();
    await target.until((posts) => posts.length === 1);
    let isOut = true;
    target.answers.push(
      ...Array.from({ length: 10_000 }, () => (response: Parameters<typeof hangUp>[0]) => {
        response.writeHead(isOut ? 503 : 204).end();
      }),
    );
    await change("Break");
    await target.until((posts) => posts.length >= 3);
    await change(...Array.from({ length: 150 }, (_, index) => `Status ${index}`));
    isOut = false;
    const before = target.posts.length;
    await target.until(() =>
      target.posts.slice(before).some((post) => post.body.events.some((event) => event.status_name === "Status 149")),
    );
    // two snapshots of two events; the delivery that was being repeated may have been taken in the end
    await vi.waitFor(() => {
      const { overrun_events: overrun, delivered_events: delivered } = webhook.status();
      expect(overrun + delivered - 4).toBe(151);
    });
    expect(webhook.status()).toMatchObject({ state: "delivering", waiting_events: 0, snapshots: 2 });
    expect(told(target.posts.at(-1)?.body.events ?? [])).toEqual([
      ["snapshot_start", null],
      ["snapshot", "Status 149"],
    ]);
  });

  test("gets many changes in pieces, in order, none left out", async () => {
    start({ max_batch: 7 });
    await target.until((posts) => posts.length === 1);
    await change(...Array.from({ length: 60 }, (_, index) => `Status ${index}`));
    await target.until(() => target.events.length === 62);
    expect(Math.max(...target.posts.map((post) => post.body.events.length))).toBeLessThanOrEqual(7);
    const sequences = target.events.filter((event) => event.kind === "change").map((event) => event.sequence);
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, index) => (sequences[0] ?? 0) + index));
  });

  test("is sent only the kinds it asked for", async () => {
    start({ events: ["beat"] });
    await change("Break");
    server.context.wfm.feed.beat();
    await target.until((posts) => posts.length === 1);
    expect(told(target.events)).toEqual([["beat", null]]);
  });
});

describe("what the server says of webhooks", () => {
  test("names no secret, and stands in the metrics", async () => {
    const path = "FOURWIRE_TEST_WEBHOOK_SECRET";
    process.env[path] = SECRET;
    const wfm = wfmSchema.parse({
      webhooks: [{ name: "planning", url: `${target.url}?key=hidden`, secret: { env: path } }],
    });
    const other = await TemporaryServer.create({ wfm });
    other.context.wfm.start();
    await target.until((posts) => posts.length === 1);
    const { body } = await other.get("/v1/wfm/webhooks");
    expect(body).toMatchObject({
      webhooks: [{ name: "planning", url: target.url, snapshots: 1 }],
      feed: { readers: 0 },
    });
    expect(JSON.stringify(body)).not.toMatch(/hidden|a secret/);
    const metrics = await other.app.inject({ method: "GET", url: "/metrics" });
    expect(metrics.body).toContain('fourwire_wfm_webhook_events_total{webhook="planning",outcome="refused"} 0');
    await other.remove();
    Reflect.deleteProperty(process.env, path);
  });

  test("a secret that is not there keeps the server from starting", async () => {
    const wfm = wfmSchema.parse({
      webhooks: [{ name: "a", url: target.url, secret: { env: "FOURWIRE_TEST_NOT_SET" } }],
    });
    await expect(TemporaryServer.create({ wfm })).rejects.toMatchObject({ code: "secret_missing" });
  });
});

test.each([
  ["ftp://wfm.example.com/", "only https and http"],
  ["https://user:word@wfm.example.com/", "no name and password"],
  ["http://wfm.example.com/", "clear text"],
  ["wfm.example.com", "not an address"],
])("%s is no address for a webhook", (url, problem) => {
  const parsed = wfmSchema.safeParse({ webhooks: [{ name: "a", url, secret: { env: "A" } }] });
  expect(parsed.error?.issues[0]?.message).toContain(problem);
});

test.each([
  ["30", 30_000],
  ["Fri, 20 Nov 2026 09:00:10 GMT", 10_000],
  ["Fri, 20 Nov 2026 08:00:00 GMT", 0],
  ["999999", 600_000],
  ["soon", null],
  [null, null],
])("Retry-After %s is %s ms", (header, ms) => {
  expect(retryAfterOf(header, NINE)).toBe(ms);
});
