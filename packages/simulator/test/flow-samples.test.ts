import { createHash } from "node:crypto";
import { SOURCES } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { FLOW_LOG_VINTAGES } from "../src/flow-engine/flow-log-entry.ts";
import { parseFlow } from "../src/flow-engine/parse-flow.ts";
import { contactOf, flowOf, readFixture, runToEnd, sampleNames, START_TIME } from "./flow-runs.ts";

// Real flows of public projects, run by made-up customers.

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);
const names = sampleNames();
const samples = names.map((name) => {
  const isModule = name.includes("module") || name.includes("endFlowModule");
  const flowName = name.replace(/^.*\//, "").replace(".json", "");
  return flowOf(readFixture(`flows/${name}`), { name: flowName, kind: isModule ? "module" : "inbound" });
});

test("there are 21 of them", () => {
  expect(names).toHaveLength(21);
});

test.each(names)("%s is read without a complaint about its actions", (name) => {
  const parsed = parseFlow(readFixture(`flows/${name}`));
  expect(parsed.ok).toBe(true);
  expect(parsed.issues.filter(({ code }) => code !== "unreachable" && code !== "parameter_missing")).toEqual([]);
});

describe.each(samples.map((flow) => [flow.name, flow] as const))("%s", (_name, flow) => {
  test("runs to an end that its definition has, whoever calls", () => {
    const failures = SEEDS.flatMap((seed) =>
      (["VOICE", "CHAT"] as const).flatMap((channel) => {
        const { outcome } = runToEnd(flow, { seed, contact: contactOf({ channel }), flows: samples });
        return outcome !== "holding" && outcome.kind === "failed" ? { seed, channel, outcome } : [];
      }),
    );
    expect(failures).toEqual([]);
  });

  test("the same seed gives the same bytes", () => {
    for (const seed of SEEDS.slice(0, 10)) {
      const once = runToEnd(flow, { seed, flows: samples });
      const again = runToEnd(flow, { seed, flows: samples });
      expect(again.effects).toEqual(once.effects);
    }
  });

  test.each(FLOW_LOG_VINTAGES)("every entry of the form of %s is a flow log entry to the decoder", (vintage) => {
    for (const seed of SEEDS.slice(0, 25)) {
      const contact = contactOf();
      contact.isLogging = true;
      const { bodies } = runToEnd(flow, { seed, contact, flows: samples, logForm: { vintage, timestamps: "iso" } });
      expect(bodies.length).toBeGreaterThan(0);
      const types = bodies.map((body) => {
        const received = { value: JSON.parse(body), body, carrier: undefined };
        expect(SOURCES.flow_log.recognize(received.value)).toBe(true);
        const decoded = SOURCES.flow_log.decode(received);
        if (!decoded.ok) throw new Error(`${decoded.rejected.reason} ${body}`);
        const row = SOURCES.flow_log.normalize(decoded.value, received, {
          digest,
          observedTime: START_TIME,
          memory: undefined,
        });
        expect(row.contact_id).toBe(contact.id);
        return row.event_name;
      });
      expect(types).not.toContain("unknown");
    }
  });
});
