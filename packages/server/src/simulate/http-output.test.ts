import { createServer, type IncomingMessage } from "node:http";
import { unixMillis, type SourceName } from "@fourwire/core";
import type { Emission } from "@fourwire/simulator";
import { afterEach, expect, test } from "vitest";
import { HttpOutput } from "./http-output.ts";

const ORIGIN = { accountId: "111122223333", region: "eu-west-2", alias: "example", instanceId: "i" };

function emission(source: SourceName, number: number): Emission {
  return { time: unixMillis(1_780_000_000_000 + number), source, body: `{"n":${number}}`, origin: ORIGIN, key: "k" };
}

interface Received {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that answers with the statuses in turn, the last one for ever. */
async function listen(statuses: readonly number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      received.push({ url: request.url ?? "", authorization: request.headers.authorization, body });
      const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
      response.writeHead(status, status === 503 ? { "retry-after": "2" } : {}).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, received };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

function output(url: string, waits: number[] = []): HttpOutput {
  return new HttpOutput({
    url,
    token: "secret",
    tell: () => undefined,
    flushEveryMs: 1_000_000,
    sleep: async (ms) => void waits.push(ms),
  });
}

test("records are sent by source, in the form of their delivery, with the token", async () => {
  const { url, received } = await listen([200]);
  const sender = output(url);
  for (const source of ["agent_event", "cloudtrail", "flow_log", "agent_event"] as const)
    await sender.accept(emission(source, 1));
  await sender.finish();
  expect(received.map(({ url: path, body }) => [path, body])).toEqual([
    ["/v1/records/agent_event", '{"n":1}\n{"n":1}'],
    ["/v1/records/flow_log", expect.stringContaining('"messageType":"DATA_MESSAGE"')],
    ["/v1/records/cloudtrail", '{"Records":[{"n":1}]}'],
  ]);
  expect(new Set(received.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer secret"]));
});

test("a busy server is asked again after the time it named, with the same records", async () => {
  const { url, received } = await listen([503, 429, 200]);
  const waits: number[] = [];
  const sender = output(url, waits);
  await sender.accept(emission("agent_event", 1));
  await sender.finish();
  expect(received.map(({ body }) => body)).toEqual(['{"n":1}', '{"n":1}', '{"n":1}']);
  expect(waits).toEqual([2_000, 2_000]);
});

test("a server that refuses ends the simulation and says why", async () => {
  const { url } = await listen([401]);
  const sender = output(url);
  await sender.accept(emission("agent_event", 1));
  await expect(sender.finish()).rejects.toMatchObject({
    code: "output_failed",
    message: expect.stringContaining("401"),
  });
});

test("a server that is not there is named", async () => {
  const sender = output("http://127.0.0.1:9");
  await sender.accept(emission("agent_event", 1));
  await expect(sender.finish()).rejects.toMatchObject({
    code: "output_failed",
    message: expect.stringContaining("127.0.0.1:9"),
  });
});

test("with 2,000 records a batch goes out", async () => {
  const { url, received } = await listen([200]);
  const sender = output(url);
  for (let number = 0; number < 2_000; number += 1) await sender.accept(emission("ccp_log", number));
  expect(received.length).toBe(1);
  await sender.finish();
  expect(received.length).toBe(1);
});
