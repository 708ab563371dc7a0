import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContactTimeline } from "../api.ts";
import { SOURCE_NAMES } from "../record.ts";
import { deriveContactTimeline } from "./contact-timeline.ts";
import { at, agentEvent, row } from "./fixtures/timeline-rows.ts";
import { TRANSFERRED_CALL } from "./fixtures/transferred-call.ts";
import type { TimelineLink, TimelineRow } from "./timeline-row.ts";

const LINKS: readonly TimelineLink[] = [
  { contact_id: "call-2", relation: "previous", other_contact_id: "call-1", record_id: "contact_event of call-2" },
  { contact_id: "call-1", relation: "next", other_contact_id: "call-2", record_id: "contact_record of call-1" },
];

function derive(
  rows: readonly TimelineRow[],
  entryLimit = 1000,
  links: readonly TimelineLink[] = LINKS,
): ContactTimeline {
  return deriveContactTimeline({ contactId: "call-1", rows, links, now: at("15:00:00.000"), entryLimit });
}

describe("a transferred call", () => {
  test("is told from its first record to its last", () => {
    const timeline = derive(TRANSFERRED_CALL);
    const entries = timeline.entries.map((entry) => `${entry.relation}: ${entry.record_id}`);
    expect({ ...timeline, entries }).toMatchSnapshot();
  });

  test("lists its records as the lists show them", () => {
    expect(derive(TRANSFERRED_CALL).entries[0]).toEqual({
      record_id: "cloudtrail UpdateContactFlowContent 13:51:00.000",
      source: "cloudtrail",
      event_time: "2026-11-20T13:51:00.000Z",
      event_name: "UpdateContactFlowContent",
      severity_number: 10,
      severity_text: null,
      contact_id: null,
      agent_id: null,
      agent_username: null,
      flow_id: "flow-1",
      session_id: null,
      instance_id: null,
      region: null,
      message: "UpdateContactFlowContent",
      relation: "configuration",
    });
  });

  test("reads aloud as one sentence", () => {
    const { clauses } = derive(TRANSFERRED_CALL).summary;
    expect(clauses.map(({ text, is_problem: isProblem }) => (isProblem ? `! ${text}` : text))).toEqual([
      "Inbound voice, 3 min 40 s",
      "Support queue, waited 12 s",
      "Ana Ruiz",
      "! Audio was lost for 11 s at 14:02:00Z (ICE)",
      "! Lambda `lookup` failed before the queue",
      "transferred to another contact",
      "the flow had been published 9 minutes earlier",
    ]);
  });

  test("leaves out what concerns another flow", () => {
    const names = derive(TRANSFERRED_CALL).entries.map((entry) => entry.record_id);
    expect(names).toContain("cloudtrail UpdateContactFlowContent 13:51:00.000");
    expect(names).not.toContain("cloudtrail UpdateContactFlowContent 13:52:00.000");
  });

  test("gathers the agent by role session name and by browser context", () => {
    const related = derive(TRANSFERRED_CALL).entries.filter((entry) => entry.relation === "agent");
    expect(related.map((entry) => entry.record_id)).toEqual([
      "ccp_log log 14:00:28.500",
      "ccp_log softphone_metrics 14:01:30.000",
      "cloudtrail GetUserData 14:02:30.000",
    ]);
  });
});

describe("order and repetition", () => {
  const expected = derive(TRANSFERRED_CALL);

  test("any order and any repetition of the rows and links give the same timeline", () => {
    const delivered = fc.array(fc.constantFrom(...TRANSFERRED_CALL), { maxLength: 10 }).chain((again) => {
      const all = [...TRANSFERRED_CALL, ...again];
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length });
    });
    const links = fc.shuffledSubarray([...LINKS, ...LINKS], { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(delivered, links, (rows, someLinks) => {
        expect(derive(rows, 1000, someLinks)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("any part of the rows, in any order, gives one timeline", () => {
    const part = fc.shuffledSubarray([...TRANSFERRED_CALL], { minLength: 1 });
    fc.assert(
      fc.property(part, (rows) => {
        expect(derive(rows)).toEqual(derive([...rows].reverse()));
      }),
      { numRuns: 100 },
    );
  });

  test("SQL null and absent columns are the same", () => {
    const columns = [...new Set(TRANSFERRED_CALL.flatMap((each) => Object.keys(each)))];
    const nulls: TimelineRow[] = TRANSFERRED_CALL.map((each) => {
      const filled: Record<string, TimelineRow[string]> = {};
      for (const column of columns) filled[column] = each[column] ?? null;
      return { ...each, ...filled, record_id: each.record_id };
    });
    expect(derive(nulls)).toEqual(expected);
  });

  test("rows of any shape are taken without failing", () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant("call-1"),
      fc.json(),
    );
    const columns = fc.dictionary(
      fc.constantFrom(
        "contact_id",
        "agent_id",
        "agent_username",
        "contacts",
        "previous_contacts",
        "parameters",
        "attributes",
        "queue_id",
        "lambda_arn",
        "results",
        "session_id",
        "actor",
      ),
      value,
    );
    const anyRow = fc
      .tuple(
        fc.uuid(),
        fc.constantFrom(...SOURCE_NAMES),
        fc.constantFrom("STATE_CHANGE", "LOGOUT", "ice_lost", "QUEUED", "Transfer"),
        fc.nat(86_399),
        columns,
      )
      .map(([id, source, name, second, extra]): TimelineRow => {
        const clock = new Date(second * 1000).toISOString().slice(11, 23);
        return row(source, name, clock, { ...extra, record_id: id });
      });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        expect(derive(rows)).toEqual(derive([...rows].reverse()));
      }),
    );
  });
});

describe("limits", () => {
  test("over the limit, what names the contact stays and the timeline says that it is cut", () => {
    const timeline = derive(TRANSFERRED_CALL, 3);
    expect(timeline.is_truncated).toBe(true);
    expect(timeline.entries.map((entry) => [entry.source, entry.relation])).toEqual([
      ["cloudtrail", "configuration"],
      ["contact_event", "contact"],
      ["flow_log", "contact"],
    ]);
    expect(timeline.lanes).toEqual(derive(TRANSFERRED_CALL).lanes);
    expect(timeline.missing).toEqual(derive(TRANSFERRED_CALL).missing);
  });

  test("a contact that no row names has an empty timeline", () => {
    const timeline = derive(
      [agentEvent("14:00:00.000", { contacts: [{ contact_id: "other", state: "CONNECTED" }] })],
      10,
      [],
    );
    expect([timeline.entries, timeline.lanes, timeline.from, timeline.to]).toEqual([
      [],
      [],
      "2026-11-20T15:00:00.000Z",
      "2026-11-20T15:00:00.000Z",
    ]);
  });
});
