import type { AgentDayResponse } from "@fourwire/core";
import { expect, test } from "vitest";
import { dayLanes } from "./day-lanes.ts";

const NINE = "2026-11-20T09:00:00.000Z";
const TEN = "2026-11-20T10:00:00.000Z";
const AGENT = { agent_id: "ana", agent_username: null } as const;

type DayRows = Pick<
  AgentDayResponse,
  "statuses" | "activity" | "contact_states" | "after_contact_work" | "gaps" | "ccp_errors" | "api_changes"
>;

const EMPTY: DayRows = {
  statuses: [],
  activity: [],
  contact_states: [],
  after_contact_work: [],
  gaps: [],
  ccp_errors: [],
  api_changes: [],
};

function lanesOf(rows: Partial<DayRows>): ReturnType<typeof dayLanes> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the lanes are read from these lists alone
  return dayLanes({ ...EMPTY, ...rows } as AgentDayResponse);
}

test("a lane with nothing on it is left out", () => {
  expect(lanesOf({})).toEqual([]);
});

test("a missed contact is a problem, and time that is not known is a gap", () => {
  const lanes = lanesOf({
    activity: [
      {
        ...AGENT,
        start_time: NINE,
        end_time: TEN,
        duration_ms: 3_600_000,
        activity: "unknown",
        status_name: "Available",
        status_type: "ROUTABLE",
        contact_ids: [],
        is_on_contact: false,
        is_unknown: true,
        is_presumed: false,
        record_ids: ["r1"],
      },
    ],
    contact_states: [
      {
        ...AGENT,
        contact_id: "c1",
        channel: "VOICE",
        initiation_method: "INBOUND",
        queue_id: null,
        queue_name: null,
        state: "MISSED",
        start_time: NINE,
        end_time: null,
        duration_ms: null,
        is_inferred: false,
        record_ids: ["r2"],
      },
    ],
  });
  expect(lanes.map((lane) => [lane.name, ...lane.spans])).toEqual([
    [
      "activity",
      {
        from: NINE,
        to: TEN,
        label: "not known",
        kind: "unknown",
        is_problem: false,
        record_ids: ["r1"],
        gap: "not_received",
      },
    ],
    [
      "agent_contacts",
      { from: NINE, to: null, label: "voice missed", kind: "MISSED", is_problem: true, record_ids: ["r2"], gap: null },
    ],
  ]);
});
