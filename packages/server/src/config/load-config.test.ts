import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@fourwire/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultConfig } from "./config.ts";
import { findConfigFile, loadConfig } from "./load-config.ts";

let folder = "";
let path = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fourwire-config-"));
  path = join(folder, "fourwire.yaml");
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The errors of a configuration, its path shortened to `file`. */
function errorsOf(text: string, environment: Record<string, string> = {}): readonly string[] {
  writeFileSync(path, text);
  try {
    loadConfig(path, environment);
    return [];
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "config_invalid") throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim().replace(path, "file"));
  }
}

function read(text: string, environment: Record<string, string> = {}): ReturnType<typeof loadConfig> {
  writeFileSync(path, text);
  return loadConfig(path, environment);
}

describe("a configuration", () => {
  test.each(["", "\n# nothing yet\n", "{}", "---\n"])("that says nothing, %j, is the default", (text) => {
    expect(read(text).config).toEqual(defaultConfig());
  });

  test("is read with its units", () => {
    const { config } = read("server: {port: 1, drain_timeout: 2m}\nlimits:\n  max_body: 512KiB\n");
    expect([config.server.port, config.server.drain_timeout, config.limits.max_body]).toEqual([1, 120_000, 524_288]);
  });

  test.each<[string, string, string]>([
    ["an unknown key", "server:\n  prot: 1\n", 'file:2:3: server.prot: unknown key; did you mean "port"? known here: '],
    ["an unknown key at the top", "\nservr:\n  port: 1\n", 'file:2:1: servr: unknown key; did you mean "server"?'],
    ["a key twice", "server:\n  port: 1\n  port: 2\n", "file:3:3: Map keys must be unique"],
    ["a wrong type", "server:\n  port: eighty\n", "file:2:3: server.port: expected number, received string"],
    [
      "a number out of bounds",
      "server:\n  port: 70000\n",
      "file:2:3: server.port: Too big: expected number to be <=65535",
    ],
    [
      "a size without unit",
      "limits: {max_body: 16}\n",
      "file:1:10: limits.max_body: a size is a whole number and a unit: 512KiB, 16MiB, 1GiB",
    ],
    [
      "a duration without unit",
      "server: {drain_timeout: 30}\n",
      "file:1:10: server.drain_timeout: a duration is a number and a unit: 250ms, 30s, 5m, 2h, 1d",
    ],
    [
      "a receiver without what it reads",
      "receivers: [{name: a, type: kinesis}]\n",
      "file:1:13: receivers.a.stream: missing",
    ],
    [
      "a time in words",
      "receivers: [{name: a, type: cloudwatch_logs, log_group: g, start: yesterday}]\n",
      "file:1:60: receivers.a.start: now, oldest, a duration before now (7d), or a time (2026-11-20T00:00:00Z)",
    ],
    [
      "a size with another unit",
      "limits:\n  max_body: 16MB\n",
      "file:2:3: limits.max_body: a size is a whole number and a unit",
    ],
    [
      "a size out of bounds",
      "limits:\n  max_body: 1B\n",
      "file:2:3: limits.max_body: must be between 64KiB and 256MiB",
    ],
    [
      "an item of a list",
      "server:\n  allowed_hosts:\n    - ok.example\n    - https://x/\n",
      "file:4:7: server.allowed_hosts[1]: a host name without",
    ],
    ["torn YAML", "server: {port: 1\n", "file:2:1: Flow map in block collection must"],
    ["no map", "- 1\n", "file:1:1: expected object, received array"],
    ["a tag that makes objects", "server: !!js/function 'x'\n", "file:1:9: Unresolved tag"],
  ])("with %s is refused with the place", (_, text, message) => {
    const errors = errorsOf(text);
    expect(
      errors.filter((error) => error.startsWith(message)),
      errors.join("\n"),
    ).toHaveLength(1);
  });

  test("is refused with all of its errors at once", () => {
    expect(errorsOf("server:\n  prot: 1\n  access: everybody\nlimit: {}\n").map((line) => line.split(": ")[0])).toEqual(
      ["file:3:3", "file:2:3", "file:4:1"],
    );
  });

  test("that grows by aliases is refused, not built", () => {
    const text = `a: &a [x]\n${["b", "c", "d", "e", "f"].map((name, index) => `${name}: &${name} [${`*${"abcdef"[index] ?? ""}, `.repeat(20)}]`).join("\n")}\n`;
    writeFileSync(path, text);
    expect(() => loadConfig(path, {})).toThrow(/alias/i);
  });

  test("that does not exist is not found", () => {
    expect(() => loadConfig(join(folder, "absent.yaml"), {})).toThrow(
      expect.objectContaining({ code: "path_not_found" }) as Error,
    );
  });
});

describe("the environment", () => {
  test("comes before the file, and is told apart", () => {
    const { config, overrides } = read("server:\n  port: 1\n  host: localhost\n", {
      FOURWIRE_SERVER_PORT: "2",
      FOURWIRE_SERVER_ALLOWED_HOSTS: "a.example, b.example",
      FOURWIRE_LIMITS_MAX_BODY: "1MiB",
    });
    expect(config.server).toMatchObject({ port: 2, host: "localhost", allowed_hosts: ["a.example", "b.example"] });
    expect(config.limits.max_body).toBe(1_048_576);
    expect(overrides).toContainEqual({ variable: "FOURWIRE_SERVER_PORT", key: "server.port" });
  });

  test("is enough without a file", () => {
    expect(loadConfig(undefined, { FOURWIRE_SERVER_PORT: "2" }).config.server.port).toBe(2);
  });

  test.each<[Record<string, string>, string]>([
    [
      { FOURWIRE_SERVER_PROT: "1" },
      "FOURWIRE_SERVER_PROT: server.prot: unknown key; did you mean FOURWIRE_SERVER_PORT?",
    ],
    [{ FOURWIRE_SERVER_PORT: "x" }, "FOURWIRE_SERVER_PORT: server.port: expected number, received string"],
  ])("%j is refused by its name", (environment, message) => {
    expect(errorsOf("", environment)).toEqual([message]);
  });

  test("of other things is left alone", () => {
    expect(errorsOf("", { FOURWIRE_DATA: "/x", FOURWIRE_SERVERS: "1", PATH: "/bin" })).toEqual([]);
  });
});

describe("the file that is read", () => {
  test("is the given one, else that of the data directory", () => {
    expect(findConfigFile("given.yaml", folder)).toBe("given.yaml");
    expect(findConfigFile(undefined, folder)).toBe(path);
    expect(findConfigFile(undefined, join(folder, "absent"))).toBeUndefined();
  });
});
