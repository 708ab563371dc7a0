import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ccpLine, toLines } from "../test/temporary-server.ts";
import { openStore } from "./cli/open-store.ts";
import { defaultConfig, type Config } from "./config/config.ts";
import { startServer, type RunningServer } from "./start-server.ts";

let path = "";

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "fourwire-start-"));
});

afterEach(() => rm(path, { recursive: true }));

function configured(server: Partial<Config["server"]>): Config {
  const config = defaultConfig();
  return { ...config, server: { ...config.server, port: 0, ...server } };
}

const start = (server: Partial<Config["server"]> = {}): Promise<RunningServer> =>
  startServer({ path, command: "serve", config: configured(server) });

const portOf = (running: RunningServer): number => Number(new URL(running.url).port);

/** A connection that has sent the beginning of a batch, and the rest of it. */
async function beginUpload(running: RunningServer, text: string): Promise<{ socket: Socket; rest: string }> {
  const body = toLines([ccpLine(text), ccpLine(`${text} again`, 1)]);
  const socket = connect(portOf(running), "127.0.0.1");
  socket.write(
    `POST /v1/ccp-logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${running.context.token}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 100)}`,
  );
  while (running.context.intake.waitingBytes === 0) await new Promise((resolve) => setImmediate(resolve));
  return { socket, rest: body.slice(100) };
}

async function stored(): Promise<unknown> {
  const store = await openStore({ path, command: "test" });
  const { rows } = await store.query({ sql: "select count(*) from ccp_log", limit: 1, timeoutMs: 5000 });
  await store.close();
  return rows[0]?.[0];
}

describe("stopping", () => {
  test("lets a request that runs come to its end, and takes no other", async () => {
    const running = await start();
    const { socket, rest } = await beginUpload(running, "on its way");
    const other = connect(portOf(running), "127.0.0.1");
    await once(other, "connect");
    const closing = running.close();
    other.write(
      `POST /v1/ccp-logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${running.context.token}\r\nContent-Length: 0\r\n\r\n`,
    );
    const refused = await once(other, "data").catch(() => []);
    // an idle connection is closed at once; one that gets a request through is told to come again
    expect(String(refused[0] ?? "503 closed")).toContain("503");
    socket.write(rest);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toContain('{"appended":2,"duplicate":0,"rejected":0}');
    await closing;
    socket.destroy();
    other.destroy();
    expect(await stored()).toBe(2);
  });

  test("cuts off what does not end in time, and nothing of it is stored", async () => {
    const running = await start({ drain_timeout: 100 });
    const { socket } = await beginUpload(running, "never ends");
    const closed = once(socket, "close");
    await running.close();
    await closed;
    expect(await stored()).toBe(0);
  });

  test("does not wait for live readers", async () => {
    const running = await start();
    const reader = connect(portOf(running), "127.0.0.1");
    reader.write("GET /v1/live/tail HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(reader, "data");
    const ended = once(reader.resume(), "end");
    await expect(running.close()).resolves.toBeUndefined();
    await ended;
    reader.destroy();
  });
});

describe("another address than the loopback", () => {
  const token = async (): Promise<void> => {
    const running = await start();
    const request = { name: "x", scope: "read" as const, sources: null, groups: null, expiresTime: null };
    await running.context.access.registry.create(request);
    await running.close();
  };

  test("is refused until access, a token and names are there, and the message says what is missing", async () => {
    const host = "0.0.0.0";
    await expect(start({ host })).rejects.toThrow(
      /server\.access: token in fourwire\.yaml, and the names clients use .*besides a token/,
    );
    await expect(start({ host, access: "token", allowed_hosts: ["a.example"] })).rejects.toThrow(
      /^refusing to listen on 0\.0\.0\.0: that needs a token, made by fourwire token create;/,
    );
    await token();
    await expect(start({ host, access: "token" })).rejects.toMatchObject({
      code: "host_not_allowed",
      message: expect.stringMatching(/needs the names clients use in server\.allowed_hosts, besides/),
    });
    await expect(start({ host, allowed_hosts: ["a.example"] })).rejects.toThrow(/needs server\.access: token/);
    const running = await start({ host, access: "token", allowed_hosts: ["a.example"] });
    // commands on this machine go by the loopback
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${running.url}/v1/status`)).status).toBe(401);
    await running.close();
  });

  test("that is refused leaves the data directory free", async () => {
    await expect(start({ host: "192.0.2.1" })).rejects.toMatchObject({ code: "host_not_allowed" });
    expect(await stored()).toBe(0);
  });
});
