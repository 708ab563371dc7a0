import type { AgentBoardRow } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { arrangeBoard, needsAttention } from "./arrange-board.ts";
import { NameRanks } from "./name-ranks.ts";
import type { BoardSearch } from "./board-search.ts";

const PROFILES = new Map([
  [
    "rp",
    {
      routing_profile_id: "rp",
      routing_profile_name: "Everything",
      queues: [
        { queue_id: "q1", queue_name: "Support" },
        { queue_id: "q2", queue_name: "Sales" },
      ],
    },
  ],
]);

function row(name: string, fields: Partial<AgentBoardRow> = {}): AgentBoardRow {
  return {
    agent_id: name.toLowerCase(),
    agent_username: null,
    name,
    instance_id: null,
    region: null,
    agent_ids: [],
    hierarchy: [],
    routing_profile_id: null,
    routing_profile_name: null,
    is_logged_in: true,
    status_name: "Available",
    status_type: "ROUTABLE",
    status_start_time: null,
    next_status_name: null,
    next_status_enqueued_time: null,
    activity: "available",
    activity_start_time: null,
    after_contact_work_start_time: null,
    is_after_contact_work_long: false,
    contacts: [],
    slots: [],
    last_event_time: null,
    last_record_id: null,
    marks: [],
    last_ccp_error: null,
    adherence: null,
    ...fields,
  };
}

const ANA = row("Ana", { activity: "on_contact", routing_profile_id: "rp", hierarchy: ["London", "Thames", null] });
const BEN = row("ben", { activity: "offline", hierarchy: ["London", null, null] });
const ZOE = row("Zoe", {
  marks: [{ mark: "ghost", since_time: "2026-11-20T09:00:00.000Z", detail: "", record_ids: [] }],
});

function arrange(search: BoardSearch): readonly string[] {
  const { items } = arrangeBoard({ rows: [ZOE, BEN, ANA], profiles: PROFILES, names: new NameRanks(), search });
  return items.map((item) => (item.kind === "group" ? `# ${item.label}` : item.agentId));
}

describe("order", () => {
  test("agents stand by name, whatever case it has", () => {
    expect(arrange({})).toEqual(["ana", "ben", "zoe"]);
  });

  test("a name that is new takes its place among those that are known", () => {
    const names = new NameRanks();
    const arrangeWith = (rows: readonly AgentBoardRow[]): readonly string[] =>
      arrangeBoard({ rows, profiles: PROFILES, names, search: {} }).items.map((item) => item.key.trim());
    expect([arrangeWith([ZOE, ANA]), arrangeWith([ZOE, BEN, ANA]), arrangeWith([ZOE, BEN])]).toEqual([
      ["ana", "zoe"],
      ["ana", "ben", "zoe"],
      ["ben", "zoe"],
    ]);
  });

  test("groups by activity come most urgent first", () => {
    expect(arrange({ group: "activity" })).toEqual(["# On contact", "ana", "# Available", "zoe", "# Offline", "ben"]);
  });

  test("who has no hierarchy group comes last", () => {
    expect(arrange({ group: "hierarchy" })).toEqual([
      "# London",
      "ben",
      "# London / Thames",
      "ana",
      "# No hierarchy group",
      "zoe",
    ]);
  });

  test("by queue an agent stands under each queue of the routing profile and counts once", () => {
    expect(arrange({ group: "queue" })).toEqual(["# Sales", "ana", "# Support", "ana", "# No queue", "ben", "zoe"]);
    expect(
      arrangeBoard({ rows: [ANA], profiles: PROFILES, names: new NameRanks(), search: { group: "queue" } }).agentCount,
    ).toBe(1);
  });
});

describe("filter", () => {
  test("the text is looked for in names, teams and queues", () => {
    expect([arrange({ q: "THAMES" }), arrange({ q: "support" }), arrange({ q: "nobody" })]).toEqual([
      ["ana"],
      ["ana"],
      [],
    ]);
  });

  test("counts are of everything the text lets through, so that another activity can be chosen", () => {
    const arrangement = arrangeBoard({
      rows: [ANA, BEN, ZOE],
      profiles: PROFILES,
      names: new NameRanks(),
      search: { activity: "offline" },
    });
    expect({ ...arrangement, items: arrangement.items.length }).toEqual({
      items: 1,
      agentCount: 1,
      counts: { on_contact: 1, offline: 1, available: 1 },
      attentionCount: 1,
    });
  });

  test("attention is a mark, or not doing what the plan says", () => {
    const adherence = { since_time: "2026-11-20T09:00:00.000Z", activity_name: "Phones", is_productive: true };
    expect([
      needsAttention(ZOE),
      needsAttention(ANA),
      needsAttention(row("x", { adherence: { ...adherence, adherence: "non_adherent" } })),
      needsAttention(row("x", { adherence: { ...adherence, adherence: "using_thresholds" } })),
    ]).toEqual([true, false, true, false]);
    expect(arrange({ attention: "1" })).toEqual(["zoe"]);
  });
});
