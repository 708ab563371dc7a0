import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { AGENT_ACTIVITIES, AGENT_METRIC_NAMES, CONTACT_METRIC_NAMES, DEFAULT_METRIC_SETTINGS } from "@fourwire/core";
import { readText } from "./source-files.ts";

const page = readText("docs/agents.md");
const firstCells = new Set([...page.matchAll(/^\| `([a-z_]+)` /gm)].map((match) => match[1]));

describe("docs/agents.md", () => {
  test("explains every metric, activity and setting", () => {
    const names = [
      ...AGENT_METRIC_NAMES,
      ...CONTACT_METRIC_NAMES.map((name) => `record_${name}`),
      ...AGENT_ACTIVITIES,
      ...Object.keys(DEFAULT_METRIC_SETTINGS),
    ];
    expect(names.length).toBeGreaterThan(60);
    expect(names.filter((name) => !firstCells.has(name))).toEqual([]);
  });
});

describe("docs/wfm.md", () => {
  const example = (language: string): string =>
    new RegExp("```" + language + "\n([^`]*[Gg]enuine(?:(?!```)[^])*)```").exec(readText("docs/wfm.md"))?.[1] ?? "";

  /** What a receiver may be sent, and whether it is from us. The last body is not what was signed. */
  function deliveries(): readonly {
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly isGenuine: boolean;
  }[] {
    const body = JSON.stringify({ webhook: "planning", events: [{ name: "Zoë" }] });
    const now = Math.floor(Date.now() / 1000);
    const signed = (timestamp: string, secret = "the secret"): Record<string, string> => ({
      "x-fourwire-timestamp": timestamp,
      "x-fourwire-signature": `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`,
    });
    const refused: readonly Record<string, string>[] = [
      signed(String(now), "another secret"),
      signed(String(now - 301)),
      signed(String(now + 400)),
      signed(""),
      signed("soon"),
      signed("NaN"),
      {},
      { "x-fourwire-timestamp": String(now) },
      { ...signed(String(now)), "x-fourwire-signature": "" },
      { ...signed(String(now)), "x-fourwire-signature": "v1=" + "é".repeat(64) },
    ];
    return [
      { headers: signed(String(now)), body, isGenuine: true },
      { headers: signed(String(now - 250)), body, isGenuine: true },
      ...refused.map((headers) => ({ headers, body, isGenuine: false })),
      { headers: signed(String(now)), body: `${body} `, isGenuine: false },
    ];
  }

  test("its receiver in JavaScript takes what is signed and nothing else", async () => {
    const code = `${example("js")}\nexport { isGenuine };`;
    expect(code).toContain("function isGenuine(");
    const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
      isGenuine: (secret: string, headers: Record<string, string>, body: Buffer) => boolean;
    };
    const told = deliveries().map(({ headers, body }) => module.isGenuine("the secret", headers, Buffer.from(body)));
    expect(told).toEqual(deliveries().map(({ isGenuine }) => isGenuine));
  });

  test("its receiver in Python does the same, where there is a Python", () => {
    const code = example("python");
    expect(code).toContain("def is_genuine(");
    const ask = `
import json, sys
cases = json.load(sys.stdin)
print(json.dumps([is_genuine(b"the secret", case["headers"], case["body"].encode()) for case in cases]))`;
    const told = runPython(`${code}${ask}`, JSON.stringify(deliveries()));
    expect(told ?? deliveries().map(({ isGenuine }) => isGenuine)).toEqual(
      deliveries().map(({ isGenuine }) => isGenuine),
    );
  });
});

/** What the program prints, as JSON; undefined where Python is not installed, which the README does not ask for. */
function runPython(code: string, input: string): unknown {
  try {
    return JSON.parse(
      execFileSync("python3", ["-c", code], { input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] }),
    );
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
