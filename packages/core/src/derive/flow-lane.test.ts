import { describe, expect, test } from "vitest";
import { readContactFacts } from "./contact-facts.ts";
import { at, row } from "./fixtures/timeline-rows.ts";
import { deriveFlowLane } from "./flow-lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { inTimeOrder } from "./timeline-row.ts";

const CALL = { contact_id: "call-1", flow_id: "flow-1" };

function clock(time: string | null): string {
  return time === null ? "..." : time.slice(14, 23);
}

/** Each span as "label from-to", with its gap or "!" for a problem. */
function tell(unordered: readonly TimelineRow[]): string[] {
  const rows = inTimeOrder(unordered);
  const lane = deriveFlowLane(
    rows.filter((each) => each.source === "flow_log"),
    readContactFacts(rows, "call-1"),
  );
  return lane.spans.map((span) => {
    const note = span.gap ?? (span.is_problem ? "!" : "");
    return `${span.label} ${clock(span.from)}-${clock(span.to)} ${note}`.trim();
  });
}

function block(type: string, time: string, columns: Readonly<Record<string, string | boolean>> = {}): TimelineRow {
  return row("flow_log", type, time, { ...CALL, ...columns });
}

describe("flow blocks", () => {
  test("two entries of a block that waits make one span, which fails with its exit", () => {
    const lambda = {
      block_id: "0a1b2c3d-0000-4000-8000-000000000000",
      lambda_arn: "arn:aws:lambda:eu-west-2:111122223333:function:lookup:live",
    };
    const told = tell([
      block("InvokeExternalResource", "14:00:01.000", lambda),
      block("InvokeExternalResource", "14:00:03.000", {
        block_id: lambda.block_id,
        results: "Timeout error",
        is_error: true,
      }),
      block("PlayPrompt", "14:00:03.000", { block_id: "sorry" }),
    ]);
    expect(told).toEqual([
      "AWS Lambda function `lookup`: Timeout error 00:01.000-00:03.000 !",
      'Play prompt "sorry" 00:03.000-...',
    ]);
  });

  test("a block seen again later in the flow is not the exit of its first run", () => {
    const told = tell([
      block("PlayPrompt", "14:00:01.000", { block_id: "hello" }),
      block("CheckStaffing", "14:00:02.000", { results: "false" }),
      block("PlayPrompt", "14:00:04.000", { block_id: "hello", results: "No prompt provided", is_error: true }),
    ]);
    expect(told).toEqual([
      'Play prompt "hello" 00:01.000-00:02.000',
      "Check staffing: false 00:02.000-00:04.000",
      'Play prompt "hello": No prompt provided 00:04.000-... !',
    ]);
  });

  test("what the customer typed is not shown", () => {
    expect(
      tell([block("GetUserInput", "14:00:01.000"), block("GetUserInput", "14:00:02.000", { results: "4929" })]),
    ).toEqual(["Get customer input 00:01.000-00:02.000"]);
  });

  test("a block without an exit lasts at most to the queue, the agent or the end", () => {
    const event = { contact_id: "call-1" };
    const told = tell([
      block("Transfer", "14:00:01.000", { results: "false" }),
      row("contact_event", "QUEUED", "14:00:01.500", event),
      block("AddToPlayLoop", "14:00:02.000"),
      row("contact_event", "CONNECTED_TO_AGENT", "14:00:09.000", event),
      block("SetVoice", "14:00:10.000"),
      row("contact_event", "DISCONNECTED", "14:05:00.000", event),
    ]);
    expect(told).toEqual([
      "Transfer to queue 00:01.000-00:01.500",
      "Loop prompts 00:02.000-00:09.000",
      "Set voice 00:10.000-05:00.000",
    ]);
  });

  test("after logging is turned off there is a gap to the next entry, which is not a problem", () => {
    const told = tell([
      block("SetLoggingBehavior", "14:00:01.000", { parameters: '{"LoggingBehavior":"Disable"}' }),
      block("SetLoggingBehavior", "14:00:31.000", { parameters: '{"LoggingBehavior":"Enable"}' }),
    ]);
    expect(told).toContain("not logged: the flow turned its logging off 00:01.000-00:31.000 not_logged");
  });

  test("broken parameters are no obstacle", () => {
    expect(tell([block("SetLoggingBehavior", "14:00:01.000", { parameters: '{"LoggingBe[redacted]' })])).toEqual([
      "Set logging behavior 00:01.000-...",
    ]);
  });

  test("a flow that takes over is marked", () => {
    const rows = [
      block("PlayPrompt", "14:00:01.000", { flow_name: "Support" }),
      block("PlayPrompt", "14:00:02.000", { flow_name: "Support" }),
      block("PlayPrompt", "14:00:03.000", { flow_id: "module-1", flow_kind: "module" }),
    ];
    const { marks } = deriveFlowLane(rows, readContactFacts(rows, "call-1"));
    expect(marks.map((mark) => [mark.label, mark.time])).toEqual([
      ['flow "Support"', new Date(at("14:00:01.000")).toISOString()],
      ["module module-1", new Date(at("14:00:03.000")).toISOString()],
    ]);
  });
});
