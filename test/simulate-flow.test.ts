import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fourwire, temporaryFolder } from "./command.ts";

// A user's own flow, in a process of its own.

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const file = (name: string) => join(folder.path, name);

const MENU = {
  Version: "2019-10-30",
  StartAction: "log",
  Metadata: {},
  Actions: [
    {
      Identifier: "log",
      Type: "UpdateFlowLoggingBehavior",
      Parameters: { FlowLoggingBehavior: "Enabled" },
      Transitions: { NextAction: "tier" },
    },
    {
      Identifier: "tier",
      Type: "Compare",
      Parameters: { ComparisonValue: "$.Attributes.tier" },
      Transitions: {
        NextAction: "play",
        Errors: [{ ErrorType: "NoMatchingCondition", NextAction: "play" }],
        Conditions: [{ NextAction: "end", Condition: { Operator: "Equals", Operands: ["gold"] } }],
      },
    },
    { Identifier: "play", Type: "PlayPrompt", Parameters: { Text: "hello" }, Transitions: { NextAction: "end" } },
    { Identifier: "end", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} },
  ],
};

beforeAll(async () => {
  folder = await temporaryFolder("simulate-flow");
  await writeFile(file("menu.json"), JSON.stringify(MENU));
  await writeFile(file("broken.json"), '{"Version": ');
  await writeFile(file("legacy.json"), JSON.stringify({ modules: [], version: "1", start: "x" }));
  const described = {
    ContactFlow: {
      Name: "Described",
      Arn: "arn:aws:connect:eu-west-1:123456789012:instance/i/contact-flow/f",
      Content: JSON.stringify(MENU),
    },
  };
  await writeFile(file("described.json"), JSON.stringify(described));
});

afterAll(() => folder.remove());

test("the help has examples", async () => {
  const { exitCode, stdout } = await fourwire("simulate", "flow", "--help");
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Examples:\n  fourwire simulate flow --example main-inbound > main-inbound.json");
});

describe("the summary", () => {
  test("says what customers met, and what is wrong with the definition", async () => {
    const { exitCode, stdout } = await fourwire("simulate", "flow", file("menu.json"), "--count", "20");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("20 customers, 80 log entries");
    expect(stdout).toMatch(/menu {2}tier +Compare +20 +0 {2}error NoMatchingCondition -> play +20/);
    expect(stdout).toMatch(/menu: disconnected +20/);
    expect(stdout).toContain(
      `warning: ${file("menu.json")}: play: "PlayPrompt" is no action type of the Flow language; the Flow language's word is MessageParticipant (type_unknown)`,
    );
  });

  test("what flows before it set can be given", async () => {
    const { stdout } = await fourwire(
      "simulate",
      "flow",
      file("menu.json"),
      "--count",
      "5",
      "--attribute",
      "tier=gold",
    );
    expect(stdout).toMatch(/tier +Compare +5 +0 {2}Equals gold -> end +5/);
  });
});

describe("the entries", () => {
  const entriesOf = async (...args: string[]) => {
    const outcome = await fourwire("simulate", "flow", file("menu.json"), "--json", "--count", "4", ...args);
    expect(outcome).toMatchObject({ exitCode: 0 });
    return outcome.stdout;
  };

  test("come one a line, the same for the same seed, others for another", async () => {
    const first = await entriesOf("--seed", "3");
    expect(first.trimEnd().split("\n")).toHaveLength(16);
    expect(await entriesOf("--seed", "3")).toBe(first);
    expect(await entriesOf("--seed", "4")).not.toBe(first);
  });

  test("have the form of the year asked for", async () => {
    const keysOf = async (...args: string[]) =>
      Object.keys(JSON.parse((await entriesOf(...args)).split("\n")[0] ?? ""));
    expect(await keysOf("--vintage", "2017")).toEqual([
      "Timestamp",
      "ContactId",
      "ContactFlowId",
      "ContactFlowModuleType",
      "Events",
    ]);
    expect(await keysOf()).toContain("Identifier");
    expect(await entriesOf("--vintage", "2017", "--malformed-times")).toMatch(
      /"Timestamp":"2026-11-02T14:\d\d\.\d{3}Z"/,
    );
  });

  test("are imported with nothing rejected", async () => {
    await mkdir(file("logs"), { recursive: true });
    await writeFile(file("logs/entries.ndjson"), await entriesOf());
    const { stdout } = await fourwire("import", file("logs"), "--data", file("data"), "--json");
    expect(JSON.parse(stdout)).toMatchObject({ records: { flow_log: { appended: 16, rejected: 0 } } });
  });
});

describe("files", () => {
  test("the answer of describe-contact-flow is taken, with its name and ARN", async () => {
    const { stdout } = await fourwire("simulate", "flow", file("described.json"), "--json", "--count", "1");
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({
      ContactFlowName: "Described",
      ContactFlowId: "arn:aws:connect:eu-west-1:123456789012:instance/i/contact-flow/f",
    });
  });

  test("an example can be printed, changed and run, with the flows it leads to", async () => {
    for (const name of ["main-inbound", "card-entry", "customer-queue", "agent-whisper", "customer-whisper"]) {
      const { stdout } = await fourwire("simulate", "flow", "--example", name);
      await writeFile(file(`${name}.json`), stdout);
    }
    const others = ["card-entry", "customer-queue", "agent-whisper", "customer-whisper"].map((name) =>
      file(`${name}.json`),
    );
    const { stdout, exitCode } = await fourwire("simulate", "flow", file("main-inbound.json"), "--with", ...others);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/card-entry +logging_off/);
    expect(stdout).not.toContain("warning");
    expect(await readFile(file("main-inbound.json"), "utf8")).not.toContain("{{");
  });

  test.each([
    ["broken.json", "flow_invalid", /is not JSON/],
    ["legacy.json", "flow_invalid", /export of version 1/],
    ["absent.json", "path_not_found", /there is no file/],
  ])("%s is refused as %s", async (name, code, message) => {
    const { exitCode, stderr } = await fourwire("simulate", "flow", file(name));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(code);
  });

  test.each([
    [[]],
    [["--example", "nonsense"]],
    [["x.json", "--count", "0"]],
    [["x.json", "--vintage", "1999"]],
    [["x.json", "--attribute", "tier"]],
  ])("the arguments %j are a usage error", async (args) => {
    expect((await fourwire("simulate", "flow", ...args)).exitCode).toBe(2);
  });
});
