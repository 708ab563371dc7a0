import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";
import { at, row } from "../fixtures/timeline-rows.ts";
import type { TimelineRow } from "../timeline-row.ts";
import { deriveFlowRuns } from "./derive-flow-runs.ts";
import { readFlowGraph } from "./flow-graph.ts";
import type { FlowVersion } from "./flow-versions.ts";
import { overlayFlows } from "./overlay-flow.ts";

interface Ways {
  readonly next?: string;
  readonly errors?: Readonly<Record<string, string>>;
  readonly equals?: Readonly<Record<string, string>>;
}

function action(id: string, type: string, parameters: JsonValue = {}, ways: Ways = {}): JsonValue {
  return {
    Identifier: id,
    Type: type,
    Parameters: parameters,
    Transitions: {
      ...(ways.next === undefined ? {} : { NextAction: ways.next }),
      Errors: Object.entries(ways.errors ?? {}).map(([ErrorType, NextAction]) => ({ ErrorType, NextAction })),
      Conditions: Object.entries(ways.equals ?? {}).map(([operand, NextAction]) => ({
        NextAction,
        Condition: { Operator: "Equals", Operands: [operand] },
      })),
    },
  };
}

function version(published: string, start: string, ...actions: readonly JsonValue[]): FlowVersion {
  const graph = readFlowGraph({ Version: "2019-10-30", StartAction: start, Metadata: {}, Actions: [...actions] });
  if (!graph.ok) throw new Error(graph.rejected.detail);
  return { flow_id: "flow-1", published_time: at(published), graph: graph.value };
}

let count = 0;

function entry(word: string, clock: string, columns: Readonly<Record<string, string | boolean>> = {}): TimelineRow {
  count += 1;
  return row("flow_log", word, clock, {
    record_id: `entry ${count}`,
    contact_id: "call-1",
    flow_id: "flow-1",
    ...columns,
  });
}

function told(rows: readonly TimelineRow[], versions: readonly FlowVersion[]): string[] {
  return deriveFlowRuns(rows, versions).map((run) =>
    [
      ...run.visits.map((visit) => {
        const where = visit.block_id ?? `(${visit.one_of.join("|")})`;
        const notes = [visit.is_ghost ? "ghost" : "", visit.follows === "unknown" ? "after a hole" : ""]
          .join(" ")
          .trim();
        const by = visit.left_by.length === 0 ? "" : ` -[${visit.left_by.join(" or ")}]->`;
        return `${where}${notes === "" ? "" : ` (${notes})`}${by}`;
      }),
      run.outcome,
    ].join(" "),
  );
}

const HELLO = action("hello", "MessageParticipant", { Text: "Hello" }, { next: "bye" });
const BYE = action("bye", "DisconnectParticipant");

describe("a flow's definition", () => {
  const old = version("09:00:00.000", "hello", HELLO, BYE);
  const changed = version(
    "12:00:00.000",
    "welcome",
    action("welcome", "MessageParticipant", { Text: "Welcome" }, { next: "bye" }),
    BYE,
  );

  test("that changed between two contacts is for each the version of its time", () => {
    const rows = [
      entry("PlayPrompt", "11:59:59.000", { contact_id: "before", block_id: "hello" }),
      entry("Disconnect", "11:59:59.500", { contact_id: "before", block_id: "bye" }),
      entry("PlayPrompt", "12:00:00.000", { contact_id: "after", block_id: "welcome" }),
      entry("Disconnect", "12:00:00.500", { contact_id: "after", block_id: "bye" }),
    ];
    const overlays = overlayFlows(deriveFlowRuns(rows, [changed, old]));
    expect(
      overlays.map((overlay) => [
        overlay.version?.published_time,
        overlay.blocks.map((block) => [block.block_id, block.visit_count, block.is_ghost]),
        overlay.branches.map(({ from, to, one_of: branches, count: taken }) => [from, to, branches, taken]),
        overlay.outcomes,
      ]),
    ).toEqual([
      [
        at("09:00:00.000"),
        [
          ["hello", 1, false],
          ["bye", 1, false],
        ],
        [["hello", "bye", ["next"], 1]],
        { disconnected: 1 },
      ],
      [
        at("12:00:00.000"),
        [
          ["welcome", 1, false],
          ["bye", 1, false],
        ],
        [["welcome", "bye", ["next"], 1]],
        { disconnected: 1 },
      ],
    ]);
  });

  test("of before counts for a contact that was in the flow when it changed, unless its blocks say otherwise", () => {
    const isOf = (blockId: string, last: string): UnixMillis | undefined =>
      deriveFlowRuns(
        [
          entry("SetLoggingBehavior", "11:59:58.000", { block_id: "log" }),
          entry("PlayPrompt", last, { block_id: blockId }),
        ],
        [old, changed],
      )[0]?.version?.published_time;
    expect(isOf("hello", "12:00:05.000")).toBe(at("09:00:00.000"));
    expect(isOf("welcome", "12:00:05.000")).toBe(at("12:00:00.000"));
    // nobody can have seen it before it was published
    expect(isOf("welcome", "11:59:59.000")).toBe(at("09:00:00.000"));
  });

  test("from later than the contact stands in for one that is not known, and says so", () => {
    const runs = deriveFlowRuns([entry("PlayPrompt", "08:00:00.000", { block_id: "hello" })], [changed, old]);
    expect(runs.map((run) => [run.version?.published_time, run.is_version_assumed])).toEqual([
      [at("09:00:00.000"), true],
    ]);
  });

  test("that nobody has leaves the entries as they are, and makes no ghosts of them", () => {
    const runs = deriveFlowRuns(
      [
        entry("GetUserInput", "08:00:00.000", { block_id: "menu" }),
        entry("GetUserInput", "08:00:02.000", { block_id: "menu", results: "1" }),
        entry("Disconnect", "08:00:03.000"),
      ],
      [],
    );
    expect(runs.map((run) => run.visits.map((visit) => [visit.block_id, visit.matched_by, visit.is_ghost]))).toEqual([
      [
        ["menu", "identifier", false],
        [null, "none", false],
      ],
    ]);
  });

  test.each([
    [{ Version: "1", modules: [] }, "unknown_shape"],
    ["text", "unknown_shape"],
    [{ Actions: [] }, "missing_field"],
  ])("of another shape is refused: %j", (definition, reason) => {
    const read = readFlowGraph(definition);
    expect(read.ok ? undefined : read.rejected.reason).toBe(reason);
  });
});

describe("what the definition does not know", () => {
  const invented = version(
    "09:00:00.000",
    "hello",
    action("hello", "MessageParticipant", { Text: "Hello" }, { next: "mystery" }),
    action("mystery", "PredictMood", {}, { next: "bye" }),
    BYE,
  );

  test("an action type that nobody documents is shown, and contacts are followed through it", () => {
    const rows = [
      entry("PlayPrompt", "10:00:00.000", { parameters: '{"Text":"Hello"}' }),
      entry("PredictMood", "10:00:01.000"),
      entry("Disconnect", "10:00:02.000"),
    ];
    const [overlay] = overlayFlows(deriveFlowRuns(rows, [invented]));
    expect(
      overlay?.blocks.map(({ block, visit_count: visits, is_ghost: ghost }) => [
        block?.action_type,
        block?.is_known_type,
        visits,
        ghost,
      ]),
    ).toEqual([
      ["MessageParticipant", true, 1, false],
      ["PredictMood", false, 1, false],
      ["DisconnectParticipant", true, 1, false],
    ]);
    expect(told(rows, [invented])).toEqual(["hello -[next]-> mystery -[next]-> bye disconnected"]);
  });

  test("an identifier that the definition does not have is a ghost, and what follows is found again", () => {
    const rows = [
      entry("PlayPrompt", "10:00:00.000", { block_id: "hello" }),
      entry("SetVoice", "10:00:00.500", { block_id: "gone" }),
      entry("Disconnect", "10:00:02.000", { block_id: "bye" }),
    ];
    expect(told(rows, [invented])).toEqual(["hello gone (ghost after a hole) bye (after a hole) disconnected"]);
    const [overlay] = overlayFlows(deriveFlowRuns(rows, [invented]));
    expect(overlay?.blocks.filter((block) => block.is_ghost)).toEqual([
      {
        block_id: "gone",
        block: null,
        is_ghost: true,
        block_types: ["SetVoice"],
        visit_count: 1,
        error_count: 0,
        duration_ms: 0,
        record_ids: [rows[1]?.record_id],
      },
    ]);
    // no way leads to a ghost or from it: nothing says which
    expect(overlay?.branches).toEqual([]);
  });
});

describe("entries without identifiers", () => {
  const menu = version(
    "09:00:00.000",
    "log",
    action("log", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, { next: "menu" }),
    action(
      "menu",
      "GetParticipantInput",
      { StoreInput: "False", Text: "Press 1 or 2" },
      {
        equals: { "1": "sales", "2": "support" },
        errors: { NoMatchingCondition: "sorry", InputTimeLimitExceeded: "sorry", NoMatchingError: "bye" },
      },
    ),
    action("sales", "UpdateContactAttributes", { Attributes: { team: "$.Lex.team", tier: "gold" } }, { next: "check" }),
    action("support", "UpdateContactAttributes", { Attributes: { team: "support" } }, { next: "check" }),
    action(
      "check",
      "Compare",
      { ComparisonValue: "$.Attributes.tier" },
      { equals: { silver: "queue", gold: "queue" }, errors: { NoMatchingCondition: "sorry" } },
    ),
    action("sorry", "MessageParticipant", { Text: "Sorry" }, { next: "menu", errors: { NoMatchingError: "bye" } }),
    action("queue", "TransferContactToQueue", {}, { errors: { QueueAtCapacity: "sorry", NoMatchingError: "bye" } }),
    BYE,
  );
  const asked = { parameters: '{"Text":"Press 1 or 2","Timeout":"5000"}' };

  test("are found by the only way that fits: two entries of an input, one an attribute, one a condition", () => {
    const rows = [
      entry("SetLoggingBehavior", "10:00:00.000", { parameters: '{"LoggingBehavior":"Enable"}' }),
      entry("GetUserInput", "10:00:00.100", asked),
      entry("GetUserInput", "10:00:05.100", { results: "Timeout" }),
      entry("PlayPrompt", "10:00:05.200", { parameters: '{"Text":"Sorry"}' }),
      entry("GetUserInput", "10:00:06.000", asked),
      entry("GetUserInput", "10:00:08.000", { results: "1" }),
      entry("SetAttributes", "10:00:08.100", { parameters: '{"Key":"team","Value":"x"}' }),
      entry("SetAttributes", "10:00:08.101", { parameters: '{"Key":"tier","Value":"gold"}' }),
      entry("CheckAttribute", "10:00:08.200", { parameters: '{"SecondValue":"silver"}', results: "false" }),
      entry("CheckAttribute", "10:00:08.201", { parameters: '{"SecondValue":"gold"}', results: "true" }),
      entry("Transfer", "10:00:08.300", { results: "false" }),
    ];
    const way = [
      "log -[next]-> menu -[InputTimeLimitExceeded]-> sorry -[next]-> menu -[Equals 1]-> sales -[next]->",
      "check -[Equals gold]-> queue transferred_to_queue",
    ].join(" ");
    expect(told(rows, [menu])).toEqual([way]);
    expect(told(rows.toReversed(), [menu])).toEqual([way]);
  });

  test("of one millisecond are put in the order that the flow allows", () => {
    const rows = [
      entry("Disconnect", "10:00:00.000"),
      entry("PlayPrompt", "10:00:00.000", { parameters: '{"Text":"Hello"}' }),
    ];
    expect(told(rows, [version("09:00:00.000", "hello", HELLO, BYE)])).toEqual(["hello -[next]-> bye disconnected"]);
  });

  test("that several blocks can have written are one of them; what comes later may tell which", () => {
    const twins = version(
      "09:00:00.000",
      "check",
      action(
        "check",
        "CheckHoursOfOperation",
        {},
        { equals: { True: "left", False: "right" }, errors: { NoMatchingError: "right" } },
      ),
      action("left", "UpdateContactTextToSpeechVoice", {}, { next: "hello" }),
      action("right", "UpdateContactTextToSpeechVoice", {}, { next: "bye" }),
      HELLO,
      BYE,
    );
    const open = [entry("CheckHoursOfOperation", "10:00:00.000"), entry("SetVoice", "10:00:00.100")];
    expect(told(open, [twins])).toEqual([
      "check -[Equals True or Equals False or NoMatchingError]-> (left|right) dropped",
    ]);
    const closed = [...open, entry("PlayPrompt", "10:00:00.200")];
    expect(told(closed, [twins])).toEqual(["check -[Equals True]-> left -[next]-> hello dropped"]);
  });

  test("that are missing leave a hole, over which no branch is claimed", () => {
    const rows = [
      entry("SetLoggingBehavior", "10:00:00.000"),
      entry("CheckAttribute", "10:00:08.200", { parameters: '{"SecondValue":"silver"}', results: "true" }),
      entry("Transfer", "10:00:08.300", { results: "false" }),
    ];
    expect(told(rows, [menu])).toEqual(["log check (after a hole) -[Equals silver]-> queue transferred_to_queue"]);
  });

  test("of a full queue, which answers true, lead to the branch for it", () => {
    const rows = [
      entry("Transfer", "10:00:08.300", { results: "true" }),
      entry("PlayPrompt", "10:00:08.400", { parameters: '{"Text":"Sorry"}' }),
    ];
    expect(told(rows, [menu])).toEqual(["queue -[QueueAtCapacity]-> sorry dropped"]);
  });
});

test("a flow entered again after its end is a second run; what a Disable hides is not a hole", () => {
  const flow = version(
    "09:00:00.000",
    "off",
    action("off", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Disabled" }, { next: "secret" }),
    action("secret", "GetParticipantInput", { StoreInput: "True" }, { next: "on" }),
    action("on", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, { next: "end" }),
    action("end", "EndFlowExecution"),
  );
  const off = { parameters: '{"LoggingBehavior":"Disable"}' };
  const on = { parameters: '{"LoggingBehavior":"Enable"}' };
  const once = (second: string): TimelineRow[] => [
    entry("SetLoggingBehavior", `10:00:${second}.000`, off),
    entry("SetLoggingBehavior", `10:00:${second}.500`, on),
    entry("Resume", `10:00:${second}.600`),
  ];
  const runs = deriveFlowRuns([...once("01"), ...once("07")], [flow]);
  expect(runs.map((run) => run.visits.map((visit) => [visit.block_id, visit.follows]))).toEqual(
    Array.from({ length: 2 }, () => [
      ["off", "start"],
      ["on", "not_logged"],
      ["end", "branch"],
    ]),
  );
});
