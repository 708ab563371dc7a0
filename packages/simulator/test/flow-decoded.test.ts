import { createHash } from "node:crypto";
import { SOURCES, type SourceRecord } from "@fourwire/core";
import { expect, test } from "vitest";
import { describeActionType } from "../src/flow-engine/action-types.ts";
import type { FlowEffect } from "../src/flow-engine/flow-effect.ts";
import { contactOf, flowOf, readFixture, runToEnd, sampleNames, START_TIME } from "./flow-runs.ts";

// What the product reads from the entries is what the flow did: the engine knows, the decoder has to find out.

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const CUSTOMERS = 40;
/** Words that depend on the parameters, beside the one an action type usually has. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  GetParticipantInput: ["StoreUserInput"],
  CheckMetricData: ["CheckStaffing"],
  UpdateContactEventHooks: ["SetEventHook"],
  UpdateContactMediaStreamingBehavior: ["StopMediaStreaming"],
};
/** Errors of which a log says nothing: a full queue answers "true". */
const UNSAID = new Set(["error QueueAtCapacity"]);

/** One run of a block, with what was decoded of its entries. */
interface BlockRun {
  readonly effect: FlowEffect & { kind: "enter_block" };
  readonly rows: SourceRecord[];
  left: (FlowEffect & { kind: "leave_block" }) | undefined;
}

function decode(body: string): SourceRecord {
  const received = { value: JSON.parse(body), body, carrier: undefined };
  const decoded = SOURCES.flow_log.decode(received);
  if (!decoded.ok) throw new Error(`${decoded.rejected.reason}: ${body}`);
  return SOURCES.flow_log.normalize(decoded.value, received, { digest, observedTime: START_TIME, memory: undefined });
}

function blockRunsOf(effects: readonly FlowEffect[]): BlockRun[] {
  const runs: BlockRun[] = [];
  for (const effect of effects) {
    if (effect.kind === "enter_block") runs.push({ effect, rows: [], left: undefined });
    const run = runs.at(-1);
    if (run === undefined) continue;
    if (effect.kind === "log") run.rows.push(decode(effect.body));
    if (effect.kind === "leave_block") run.left = effect;
  }
  return runs;
}

const runs = sampleNames().flatMap((name) => {
  const flow = flowOf(readFixture(`flows/${name}`), { name, kind: name.includes("odule") ? "module" : "inbound" });
  return Array.from({ length: CUSTOMERS }, (_, seed) => {
    const contact = contactOf({ channel: seed % 4 === 0 ? "CHAT" : "VOICE" });
    contact.isLogging = true;
    return blockRunsOf(runToEnd(flow, { seed, contact }).effects);
  }).flat();
});

test("every entry is of the block that was running, under its word", () => {
  const wrong = runs.flatMap(({ effect, rows }) =>
    rows.filter((row) => {
      const words = [describeActionType(effect.type)?.moduleType, ...(OTHER_WORDS[effect.type] ?? [])];
      const isRight =
        row["block_id"] === effect.action && words.includes(row.event_name) && row["flow_arn"] === effect.flow.arn;
      return !isRight;
    }),
  );
  expect(wrong.map(({ original_body: body }) => body)).toEqual([]);
  expect(runs.flatMap(({ rows }) => rows).length).toBeGreaterThan(2_000);
});

test("an entry that is an error to the decoder is of a block that took an error branch", () => {
  const wrong = runs.filter(({ rows, left }) => rows.some((row) => row["is_error"] === true) && left?.isError !== true);
  expect(wrong.map(({ effect, left }) => [effect.type, left?.branch])).toEqual([]);
});

test("a block that took an error branch has an entry that is at least a warning, wherever the log says so", () => {
  const wrong = runs.filter(
    ({ rows, left }) =>
      left?.isError === true &&
      !UNSAID.has(left.branch) &&
      rows.length > 0 &&
      rows.every((row) => (row.severity_number ?? 0) < 13),
  );
  expect(wrong.map(({ effect, left }) => [effect.type, left?.branch])).toEqual([]);
  expect(runs.filter(({ left }) => left?.isError === true).length).toBeGreaterThan(50);
});

test("the second entry of a block that waits follows its first, and has what came of it", () => {
  const waits = new Set(["GetUserInput", "InvokeExternalResource", "ShowView"]);
  const waiting = runs.filter(({ rows }) => rows.some((row) => waits.has(row.event_name)));
  const unpaired = waiting.filter(({ rows, left }) => rows.length !== (left?.branch === "end: dropped" ? 1 : 2));
  expect(unpaired.map(({ effect, rows, left }) => [effect.type, rows.length, left?.branch])).toEqual([]);
  for (const { rows } of waiting) {
    const [entry, exit] = rows;
    if (exit === undefined) continue;
    expect(entry?.["results"] ?? entry?.["external_results"]).toBeUndefined();
    // a function that returned an empty object has nothing to tell
    const isEmpty = exit.original_body.includes('"ExternalResults":{}');
    expect(exit["results"] !== undefined || exit["external_results"] !== undefined).toBe(!isEmpty);
    expect(exit.event_time).toBeGreaterThanOrEqual(entry?.event_time ?? 0);
  }
  expect(waiting.length).toBeGreaterThan(300);
});
