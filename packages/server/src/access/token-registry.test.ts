import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@fourwire/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../cli/open-store.ts";
import { generateToken } from "./token-format.ts";
import { TokenRegistry, type TokenRequest } from "./token-registry.ts";

let path = "";
let store: Store;
let now = Date.UTC(2026, 10, 25);

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "fourwire-tokens-"));
  store = await openStore({ path, command: "test" });
});

afterAll(async () => {
  await store.close();
  await rm(path, { recursive: true });
});

const open = (): Promise<TokenRegistry> => TokenRegistry.open(store.accessTokens, () => now);

const request = (name: string, more: Partial<TokenRequest> = {}): TokenRequest => ({
  name,
  scope: "ingest",
  sources: null,
  groups: null,
  expiresTime: null,
  ...more,
});

describe("a token", () => {
  test("is found by itself only, also after a restart, with its rights", async () => {
    const { token, row } = await (
      await open()
    ).create(request("firehose", { sources: ["agent_event"], groups: ["a", "b"], expiresTime: now + 5000 }));
    expect(token).toMatch(/^fw_ingest_[0-9a-f]{10}_[\w-]{43}$/);
    const registry = await open();
    expect(registry.find(token)).toEqual(row);
    expect(row).toMatchObject({ scope: "ingest", sources: ["agent_event"], groups: ["a", "b"], createdTime: now });
    const other = generateToken("ingest").token;
    for (const wrong of ["", row.tokenId, `${token}x`, token.slice(0, -1), token.replace("ingest", "admin"), other])
      expect(registry.find(wrong)).toBeUndefined();
    expect(registry.find(`${token.slice(0, 21)}${other.slice(21)}`)).toBeUndefined();
  });

  test("is nowhere in what is stored", async () => {
    const { token } = await (await open()).create(request("hidden"));
    const rows = await store.query({
      sql: "select * from store.access_token",
      limit: 100,
      timeoutMs: 5000,
      scope: "internal",
    });
    expect(JSON.stringify(rows.rows)).not.toContain(token.slice(-43));
  });

  test("ends when it expires", async () => {
    const registry = await open();
    const { token } = await registry.create(request("short", { expiresTime: now + 1000 }));
    expect(registry.find(token)).toBeDefined();
    now += 1000;
    expect(registry.find(token)).toBeUndefined();
  });

  test("ends at once when it is revoked, and stays so", async () => {
    const registry = await open();
    const { token, row } = await registry.create(request("leaked"));
    const revoking = registry.revoke(row.tokenId);
    expect(registry.find(token)).toBeUndefined();
    await revoking;
    expect((await open()).find(token)).toBeUndefined();
    await expect(registry.revoke(row.tokenId)).rejects.toMatchObject({ code: "not_found" });
  });

  test.each([
    ["name", (created: { token: string; row: { name: string; tokenId: string } }) => created.row.name],
    ["itself", (created: { token: string; row: { name: string; tokenId: string } }) => created.token],
  ])("can be called by %s", async (how, call) => {
    const registry = await open();
    const created = await registry.create(request(`called by ${how}`));
    expect((await registry.revoke(call(created))).tokenId).toBe(created.row.tokenId);
  });

  test("is rotated: the new one has its rights, the old one ends after the overlap", async () => {
    const registry = await open();
    const old = await registry.create(request("rotating", { scope: "read", groups: ["g"] }));
    const renewed = await registry.rotate("rotating", 5000);
    expect(renewed.row).toMatchObject({ name: "rotating", scope: "read", groups: ["g"], expiresTime: null });
    expect([registry.find(old.token), registry.find(renewed.token)]).toEqual([expect.anything(), expect.anything()]);
    now += 5000;
    expect([registry.find(old.token), registry.find(renewed.token)]).toEqual([undefined, expect.anything()]);
    const again = await registry.rotate(renewed.row.tokenId, 0);
    expect((await open()).find(renewed.token)).toBeUndefined();
    expect((await open()).find(again.token)).toEqual(again.row);
  });

  test("has a name that no other valid one has", async () => {
    const registry = await open();
    await registry.create(request("twice"));
    await expect(registry.create(request("twice"))).rejects.toMatchObject({ code: "parameter_invalid" });
    await registry.revoke("twice");
    await expect(registry.create(request("twice"))).resolves.toBeDefined();
  });
});
