import { SOURCES, type JsonObject, type JsonValue } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { writeFlowLogEntry, type FlowLogVintage } from "../src/flow-engine/flow-log-entry.ts";
import { action, ENABLE, END, parse, QUEUE_ARN, say } from "./flow-builders.ts";
import { definition, flowOf, readFixture, runToEnd, START_TIME } from "./flow-runs.ts";

describe("modules", () => {
  const inner = flowOf(definition(say("deep", "back"), action("back", "EndFlowModuleExecution", {}, "")), {
    kind: "module",
    id: "m2",
    name: "Inner",
  });
  const outer = flowOf(
    definition(
      action("call inner", "InvokeFlowModule", { FlowModuleId: "m2" }, "back"),
      action("back", "EndFlowModuleExecution", {}, ""),
    ),
    { kind: "module", id: "m1", name: "Outer" },
  );
  const flow = flowOf(
    definition(
      { ...ENABLE, Transitions: { NextAction: "call outer" } },
      action("call outer", "InvokeFlowModule", { FlowModuleId: outer.arn }, "end"),
      END,
    ),
  );

  test("write under their own name and ARN, with the way they were called, the innermost first", () => {
    const entries = parse(runToEnd(flow, { flows: [outer, inner] }).bodies);
    expect(
      entries.map(({ ContactFlowName, ContactFlowModuleType, ModuleExecutionStack }) => [
        ContactFlowName,
        ContactFlowModuleType,
        ModuleExecutionStack?.map((arn) => arn.split("/").at(-1)),
      ]),
    ).toEqual([
      ["Example", "SetLoggingBehavior", undefined],
      ["Example", "InvokeFlowModule", undefined],
      ["Outer", "InvokeFlowModule", ["m1", "aaaaaaaa-0000-4000-8000-000000000001"]],
      ["Inner", "PlayPrompt", ["m2", "m1", "aaaaaaaa-0000-4000-8000-000000000001"]],
      ["Inner", "ReturnFromFlowModule", ["m2", "m1", "aaaaaaaa-0000-4000-8000-000000000001"]],
      ["Outer", "ReturnFromFlowModule", ["m1", "aaaaaaaa-0000-4000-8000-000000000001"]],
      ["Example", "Disconnect", undefined],
    ]);
    expect(entries[3]?.ContactFlowId).toBe(inner.arn);
  });
});

describe("the form of the year", () => {
  const flow = flowOf(
    definition(
      { ...ENABLE, Transitions: { NextAction: "queue" } },
      action("queue", "UpdateContactTargetQueue", { QueueId: QUEUE_ARN }, "end"),
      END,
    ),
  );
  const setQueueOf = (vintage: FlowLogVintage, timestamps: "iso" | "2017_sample" = "iso"): JsonObject =>
    JSON.parse(runToEnd(flow, { logForm: { vintage, timestamps } }).bodies[1] ?? "");

  /** Keys and types, in their order. */
  function shapeOf(value: JsonValue | undefined): unknown {
    if (Array.isArray(value)) return value.map((element) => shapeOf(element));
    if (typeof value !== "object" || value === null) return typeof value;
    return Object.entries(value).map(([key, field]) => [key, shapeOf(field)]);
  }

  test("2017 has the keys and types of Amazon's example of that year", () => {
    expect(shapeOf(setQueueOf("2017"))).toEqual(shapeOf(readFixture("flow-log-2017.json")));
  });

  test("2021 has the keys and types of Amazon's example of that year", () => {
    expect(shapeOf(setQueueOf("2021"))).toEqual(shapeOf(readFixture("flow-log-set-queue.json")));
  });

  test("2023 adds the flow's name, and still names no block", () => {
    expect(Object.keys(setQueueOf("2023"))).toEqual([
      "ContactId",
      "ContactFlowId",
      "ContactFlowName",
      "ContactFlowModuleType",
      "Timestamp",
      "Parameters",
    ]);
  });

  test("2025 adds the block", () => {
    expect(Object.keys(setQueueOf("2025"))).toEqual([
      "ContactId",
      "ContactFlowId",
      "ContactFlowName",
      "ContactFlowModuleType",
      "Identifier",
      "Timestamp",
      "Parameters",
    ]);
    expect(setQueueOf("2025")["Identifier"]).toBe("queue");
  });

  test("the malformed time of 2017 comes only when asked for, and a decoder without an envelope rejects it", () => {
    const entry = setQueueOf("2017", "2017_sample");
    expect(entry["Timestamp"]).toMatch(/^2026-11-25T09:00\.\d{3}Z$/);
    const decode = (time?: typeof START_TIME) =>
      SOURCES.flow_log.decode({
        value: entry,
        body: JSON.stringify(entry),
        carrier: time === undefined ? undefined : { time },
      });
    expect(decode()).toMatchObject({ ok: false, rejected: { reason: "bad_time" } });
    expect(decode(START_TIME).ok).toBe(true);
  });

  test("an entry with everything keeps only what its year had", () => {
    const entry = {
      contactId: "c",
      flow,
      identifier: "i",
      time: START_TIME,
      moduleStack: ["arn:m", "arn:f"],
      moduleType: "GetCustomerProfile",
      parameters: { a: "1" },
      results: "MultipleFound",
      resultData: { ProfileId: "p" },
    };
    const keysOf = (vintage: FlowLogVintage) =>
      Object.keys(JSON.parse(writeFlowLogEntry(entry, { vintage, timestamps: "iso" }))).filter(
        (key) => !["ContactId", "ContactFlowId", "ContactFlowModuleType", "Timestamp"].includes(key),
      );
    expect(keysOf("2017")).toEqual(["Events", "Results"]);
    expect(keysOf("2021")).toEqual(["Parameters", "Results", "ResultData"]);
    expect(keysOf("2023")).toEqual(["ContactFlowName", "Parameters", "Results", "ResultData"]);
    expect(keysOf("2025")).toEqual([
      "ContactFlowName",
      "Identifier",
      "Parameters",
      "Results",
      "ResultData",
      "ModuleExecutionStack",
    ]);
  });
});

test("the words of the logs are those of a version-1 export", () => {
  const exported = readFixture("flow-legacy-export.json");
  const modules =
    typeof exported === "object" && exported !== null && !Array.isArray(exported) ? exported["modules"] : [];
  const words: ReadonlySet<unknown> = new Set(
    (Array.isArray(modules) ? modules : []).flatMap((module) =>
      typeof module === "object" && module !== null && !Array.isArray(module) ? [module["type"]] : [],
    ),
  );
  const types = ["SetLoggingBehavior", "SetContactFlow", "SetAttributes", "CheckStaffing", "Transfer", "SetQueue"];
  expect(words).toEqual(new Set([...types, "CheckAttribute", "Disconnect", "PlayPrompt", "InvokeExternalResource"]));
});
