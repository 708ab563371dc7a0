import { readdir, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fourwire, startFourwire, startServer, temporaryFolder } from "./command.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder("token");
});

afterEach(() => folder.remove());

const LINE =
  '{"component":"ccp","level":"INFO","text":"by token","time":"2026-11-20T09:00:00.000Z","loggerId":"1795165200000-abc"}\n';

async function create(...args: readonly string[]): Promise<Record<string, unknown>> {
  const outcome = await fourwire("token", "create", "--data", folder.path, "--json", ...args);
  expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
  return JSON.parse(outcome.stdout) as Record<string, unknown>;
}

describe("fourwire token", () => {
  test("makes tokens without a server, which the server then knows", async () => {
    const created = await create("--name", "early", "--source", "ccp_log", "flow_log", "--expires", "90d");
    expect(created).toMatchObject({ name: "early", scope: "ingest", sources: ["ccp_log", "flow_log"], groups: null });
    const server = await startServer(folder.path);
    const response = await fetch(`${server.url}/v1/ccp-logs`, {
      method: "POST",
      body: LINE,
      headers: { authorization: `Bearer ${String(created["token"])}` },
    });
    expect([response.status, await response.json()]).toEqual([200, { appended: 1, duplicate: 0, rejected: 0 }]);
    await server.stop();
  });

  test("goes through a running server: what is revoked is refused at once", async () => {
    const server = await startServer(folder.path);
    const { token, token_id: id } = await create("--name", "sender");
    const post = async (): Promise<number> =>
      (
        await fetch(`${server.url}/v1/ccp-logs`, {
          method: "POST",
          body: LINE,
          headers: { "x-api-key": String(token) },
        })
      ).status;
    expect(await post()).toBe(200);
    const rotated = await fourwire("token", "rotate", "sender", "--overlap", "1h", "--data", folder.path, "--json");
    expect(JSON.parse(rotated.stdout)).toMatchObject({ name: "sender", scope: "ingest" });
    expect(await post()).toBe(200);
    expect((await fourwire("token", "revoke", String(id), "--data", folder.path)).exitCode).toBe(0);
    expect(await post()).toBe(401);
    const list = await fourwire("token", "list", "--all", "--data", folder.path, "--json");
    expect(list.stdout).not.toContain(String(token).slice(-20));
    expect((JSON.parse(list.stdout) as { tokens: unknown[] }).tokens).toMatchObject([
      { name: "sender", revoked_time: null },
      { token_id: id, revoked_time: expect.any(String) },
    ]);
    await server.stop();
  });

  test("shows the token alone on standard output", async () => {
    const outcome = await fourwire("token", "create", "--scope", "read", "--data", folder.path);
    expect(outcome.stdout).toMatch(/^fw_read_[0-9a-f]{10}_[\w-]{43}\n$/);
    expect(outcome.stderr).toContain("not shown again");
  });

  test.each<[string, readonly string[], number, string]>([
    ["an unknown scope", ["create", "--scope", "everything"], 2, "ingest"],
    ["an unknown source", ["create", "--source", "ccp_logs"], 2, "--source"],
    ["a name that is none", ["create", "--name", "a\nb"], 2, "--name"],
    ["a time that is none", ["create", "--expires", "soon"], 2, "--expires"],
    ["a token that is not there", ["revoke", "nobody"], 1, "fourwire token list"],
  ])("refuses %s", async (_, args, exitCode, message) => {
    const outcome = await fourwire("token", ...args, "--data", folder.path);
    expect([outcome.exitCode, outcome.stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  });
});

describe("fourwire serve", () => {
  test("reads fourwire.yaml of its data directory, and says what is wrong with it", async () => {
    await writeFile(join(folder.path, "fourwire.yaml"), "server:\n  acess: token\n");
    const outcome = await fourwire("serve", "--port", "0", "--data", folder.path);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('fourwire.yaml:2:3: server.acess: unknown key; did you mean "access"?');
  });

  test("takes what the file says", async () => {
    await writeFile(join(folder.path, "fourwire.yaml"), "server:\n  access: token\n");
    const server = await startServer(folder.path);
    expect((await fetch(`${server.url}/v1/status`)).status).toBe(401);
    // commands on this machine have the token of the run
    expect((await fourwire("query", "select 1 as one", "--data", folder.path)).exitCode).toBe(0);
    expect((await server.stop()).exitCode).toBe(0);
  });
});

test("a second signal ends a server that waits for a request", async () => {
  const server = await startServer(folder.path);
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  socket.on("error", () => socket.destroy());
  socket.write(
    `POST /v1/ccp-logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: 100\r\n\r\n{`,
  );
  const isWaiting = async (): Promise<boolean> =>
    ((await (await fetch(`${server.url}/v1/receivers`)).json()) as { waiting_bytes: number }).waiting_bytes > 0;
  while (!(await isWaiting()));
  const ended = server.stop();
  // refused from the first signal on: by then the second one is listened for
  while (
    await fetch(`${server.url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    )
  );
  server.child.kill("SIGTERM");
  expect((await ended).exitCode).toBe(1);
  socket.destroy();
});

test("a command run beside a fourwire.yaml works on the folder it names", async () => {
  await writeFile(join(folder.path, "fourwire.yaml"), "data: elsewhere\n");
  const outcome = await startFourwire(["query", "select 1 as one"], folder.path).ended;
  expect(outcome.exitCode).toBe(0);
  expect(await readdir(folder.path)).toEqual(["elsewhere", "fourwire.yaml"]);
});

describe("fourwire config", () => {
  test("check prints what holds, or every error with exit code 1", async () => {
    const path = join(folder.path, "some.yaml");
    await writeFile(path, "limits:\n  max_body: 32MiB\n");
    const right = await fourwire("config", "check", path);
    expect([right.exitCode, right.stdout]).toEqual([0, expect.stringContaining("max_body: 33554432")]);
    await writeFile(path, "limits:\n  max_body: 32MB\nserve: {}\n");
    const wrong = await fourwire("config", "check", path);
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain("some.yaml:2:3: limits.max_body: ");
    expect(wrong.stderr).toContain('some.yaml:3:1: serve: unknown key; did you mean "server"?');
    expect((await fourwire("config", "check", join(folder.path, "absent.yaml"))).exitCode).toBe(1);
  });

  test("check says which secrets are not there, and refuses one that is written out", async () => {
    const path = join(folder.path, "secret.yaml");
    const receiver = (secret: string): string =>
      `receivers:\n  - name: agents\n    type: kinesis\n    stream: connect-agents\n    region: eu-west-2\n    credentials:\n      access_key_id: AKIAEXAMPLE\n      secret_access_key: ${secret}\n`;
    await writeFile(path, receiver("${env:FOURWIRE_TEST_NO_SUCH_SECRET}"));
    const absent = await fourwire("config", "check", path);
    expect([absent.exitCode, absent.stderr]).toEqual([
      0,
      expect.stringContaining("FOURWIRE_TEST_NO_SUCH_SECRET is not set"),
    ]);
    await writeFile(path, receiver("wJalrXUtnFEMI"));
    const written = await fourwire("config", "check", path);
    expect(written.exitCode).toBe(1);
    expect(written.stderr).toMatch(
      /secret\.yaml:8:7: receivers\.agents\.credentials\.secret_access_key: a secret is not written here/,
    );
    expect(written.stderr).not.toContain("wJalrXUtnFEMI");
  });

  test("schema prints JSON Schema", async () => {
    const outcome = await fourwire("config", "schema");
    expect(JSON.parse(outcome.stdout)).toMatchObject({ title: "fourwire.yaml", type: "object" });
  });
});
