import { describe, expect, test } from "vitest";
import { listFiles, PACKAGES, readText } from "./source-files.ts";

// The 28 cases that decide whether figures made of Connect's streams can be trusted, and the tests that hold each. A test
// that is renamed or removed fails here. To run one: npx vitest run -t "<its name>".

interface Case {
  readonly what: string;
  /** Names of tests, as they are written. */
  readonly tests: readonly string[];
}

const CASES: Readonly<Record<number, Case>> = {
  1: {
    what: "LOGIN null/null; first STATE_CHANGE with previous null; LOGOUT with both; HEART_BEAT after LOGOUT",
    tests: [
      "LOGIN with null snapshots, a first STATE_CHANGE without a previous one, LOGOUT with both, HEART_BEAT after it",
      "a heartbeat after a logout logs nobody in, even if it tells of a later Available",
    ],
  },
  2: {
    what: "the same EventId under two sequence numbers; twice in one batch",
    tests: [
      "an event delivered twice, under two sequence numbers or twice in one batch, counts once",
      "the same EventId delivered twice, differently spaced, is one record",
    ],
  },
  3: {
    what: "order swapped inside a batch; older after newer: insert, recompute the tail",
    tests: [
      "an event older than what came before is put in its place and what follows is derived again",
      "is byte-equal for any permutation and duplication of its events",
    ],
  },
  4: {
    what: "gap: previous is not the state held",
    tests: ["a previous snapshot other than the state held marks a gap, and nothing in it counts as idle"],
  },
  5: {
    what: "239 s of silence are well, 301 s are unknown",
    tests: ["239 s of silence are normal, 301 s make the state unknown"],
  },
  6: {
    what: "two chats, one ENDED while the other is CONNECTED",
    tests: ["one chat is cleared while another is connected: its work ends although the agent still has contacts"],
  },
  7: {
    what: "a configuration change during after-contact work does not end it",
    tests: ["a configuration change during it does not end it"],
  },
  8: {
    what: "after-contact work ended by Offline, by LOGOUT, by the timeout",
    tests: [
      "going Offline",
      "a logout, flagged, because no snapshot says so",
      "the agent clears the contact, or the timeout does: contacts empty, the status unchanged",
    ],
  },
  9: {
    what: "ERROR, MISSED, REJECTED then cleared: no after-contact work; idle by the setting",
    tests: [
      "%s, then cleared, is no after-contact work and no idle contact time",
      "by the edition of 2023 it does not",
    ],
  },
  10: {
    what: "two holds with an unchanged StateStartTimestamp",
    tests: ["two holds with an unchanged StateStartTimestamp are timed by their events"],
  },
  11: {
    what: "an outbound call in a break",
    tests: ["an outbound call in a break is non-productive and on contact at once"],
  },
  12: {
    what: "NextAgentStatus set, then applied at the contact's end",
    tests: ["a next status is held until it is applied at the contact's end"],
  },
  13: {
    what: "the same ContactId offered twice to the same agent",
    tests: [
      "the same contact offered twice to the same agent is two offers",
      "a missed contact offered again before it was cleared is a second offer",
    ],
  },
  14: {
    what: "a status across midnight and across quarters of an hour",
    tests: ["a status across midnight and across quarters of an hour is split at each, without any event there"],
  },
  15: {
    what: "fake milliseconds of 2018; a mixed batch",
    tests: [
      "of 2018 is 5.005 s as printed; its milliseconds repeat the seconds, so it is 5 s, good to one second",
      "milliseconds that repeat the seconds are cut off everywhere",
      "one genuine timestamp keeps the milliseconds of the whole event",
    ],
  },
  16: {
    what: "TASKS, Level, EnqueueTimestamp, null levels, the text null, missing Type, unknown State",
    tests: [
      "proficiency levels are read in both spellings",
      "a hierarchy level that is missing, null or made of nulls is absent",
      "missing status types are derived from the names",
      "a state not known here is kept, and a contact in it that was never connected counts for nothing",
    ],
  },
  17: {
    what: "concatenated JSON with strings holding }{; UTF-8 names; gzip in gzip; // comments",
    tests: [
      "the same values come back",
      "gzip is told by its content and taken off",
      "when it has comments, which is said",
      "names are decoded as ASCII (Slack counter)",
    ],
  },
  18: {
    what: "agent events and contact records on one stream",
    tests: ["with agent events, contact records, flow logs and aggregates mixed is taken as it is"],
  },
  19: {
    what: "a contact record delivered again six days later; first-write-wins is forbidden",
    tests: [
      "a contact record delivered again six days later replaces the first, whichever comes first",
      "shows the newest update of a contact, whatever the order of deliveries, wherever they are",
    ],
  },
  20: {
    what: "external transfer: after-contact work starts before the disconnect",
    tests: [
      "an external transfer: after-contact work begins before the customer disconnects",
      "after-contact work starts before the customer disconnects",
    ],
  },
  21: {
    what: "flow logs with and without Identifier, two-phase pairs, logging off, the malformed time of 2017, Events",
    tests: [
      "the forms of 2023 to 2026 tell entry, exit, failure and module apart",
      "two entries of a block that waits make one span, which fails with its exit",
      "after logging is turned off there is a gap to the next entry, which is not a problem",
      "the documentation's entry of 2017 takes its time from the carrier, its queue from Events",
    ],
  },
  22: {
    what: "CONTROL_MESSAGE; a log event's id twice; a contact's entries in two streams out of order",
    tests: [
      "a CONTROL_MESSAGE carries nothing, is no fault and is counted",
      "two equal entries with different CloudWatch ids are two records, with one id they are one",
      "any order and any repetition of the rows and links give the same timeline",
    ],
  },
  23: {
    what: "a flow's definition changed between two contacts",
    tests: [
      "that changed between two contacts is for each the version of its time",
      "of before counts for a contact that was in the flow when it changed, unless its blocks say otherwise",
    ],
  },
  24: {
    what: "an unknown action type in a flow; an identifier the definition does not have",
    tests: [
      "an action type that nobody documents is shown, and contacts are followed through it",
      "an identifier that the definition does not have is a ghost, and what follows is found again",
    ],
  },
  25: {
    what: "contact events in PascalCase, Voice, the 1970 sentinel, both detail-types, two Regions",
    tests: [
      "a detail in PascalCase throughout is read",
      "the renamed detail-type, the channel Voice and one PascalCase key are read",
      "the 1970 sentinel is absent, and an update stands at its envelope's time",
      "two Regions' copies of one event are one record",
    ],
  },
  26: {
    what: "Global Resiliency: one username, two agent ARNs",
    tests: ["one username under two agent ARNs is one person, and copies of an event count once"],
  },
  27: {
    what: "occupancy with several contacts is a union; percentages of nothing are null",
    tests: [
      "two chats at once: contact time and after-contact work are unions, contact times are sums",
      "percentages and averages over nothing are null, not 0",
    ],
  },
  28: {
    what: "adherence by both formulas and the Offline setting; an edited plan",
    tests: [
      "differ where thresholds count adherent time outside the shift",
      "Offline during a non-productive activity is adherent or not, by the setting",
      "an edited plan is derived again, up to any day back",
    ],
  },
};

describe("the 28 cases", () => {
  const paths = [...PACKAGES.flatMap((name) => listFiles(`packages/${name}/src`)), ...listFiles("test")];
  const text = paths
    .filter((path) => path.endsWith(".test.ts") && path !== "test/agent-cases.test.ts")
    .map(readText)
    .join("\n");

  test("are 28", () => {
    expect(Object.keys(CASES).map(Number)).toEqual(Array.from({ length: 28 }, (_, index) => index + 1));
    const empty = Object.entries(CASES).filter(([, { tests }]) => tests.length === 0);
    expect(empty.map(([number]) => Number(number))).toEqual([]);
  });

  test.each(Object.entries(CASES))("%s: has its tests", (_number, { tests }) => {
    expect(tests.filter((name) => !text.includes(`"${name}"`))).toEqual([]);
  });
});
