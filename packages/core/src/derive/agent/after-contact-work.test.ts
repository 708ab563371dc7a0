import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at, decodeEvent, type ScriptContact } from "./fixtures/agent-script.ts";
import { activityLines, gapLines, workLines } from "./fixtures/summaries.ts";
import type { AfterContactWork } from "./types/after-contact-work.ts";

function atWork(): AgentScript {
  return new AgentScript().at("09:00").login().at("09:00:02").status("Available");
}

function workOf(script: AgentScript, to = "09:10"): readonly AfterContactWork[] {
  return deriveAgent(script.rows(), { from: at("00:00"), to: at(to) }).after_contact_work;
}

const connected: ScriptContact = { ContactId: "c-1", State: "CONNECTED", connected: "09:01" };
const ended: ScriptContact = { ContactId: "c-1", State: "ENDED", connected: "09:01" };

/** The call ends at 09:02. */
function inWork(): AgentScript {
  return atWork()
    .at("09:01")
    .contacts(connected)
    .at("09:02")
    .contacts({ ...ended, since: "09:02" });
}

function fixture(name: string) {
  const path = new URL(`../../sources/agent-event/fixtures/${name}`, import.meta.url);
  return readFileSync(path, "utf8").trimEnd().split("\n").map(decodeEvent);
}

describe("the guide's example", () => {
  test("of 2018 is 5.005 s as printed; its milliseconds repeat the seconds, so it is 5 s, good to one second", () => {
    const rows = fixture("2018-seed-after-contact-work.ndjson");
    const day = unixMillis(Date.UTC(2018, 9, 25));
    const [work] = deriveAgent(rows, { from: day, to: unixMillis(day + 86_400_000) }).after_contact_work;
    expect(work).toEqual({
      contact_id: "ContactId-1",
      agent_id: "agent-ARN",
      agent_username: "(Removed)",
      channel: "VOICE",
      queue_id: "queue-ARN-for-BasicQueue",
      queue_name: "BasicQueue",
      initiation_method: "OUTBOUND",
      start_time: Date.UTC(2018, 9, 25, 18, 55, 27),
      end_time: Date.UTC(2018, 9, 25, 18, 55, 32),
      duration_ms: 5_000,
      closed_by: "cleared",
      is_inferred: false,
      earliest_end_time: Date.UTC(2018, 9, 25, 18, 55, 32),
      time_precision: "s",
      record_ids: rows.map((row) => row.record_id),
    });
  });

  test("with the edited milliseconds of 2019 is 5.005 s to the millisecond", () => {
    const rows = fixture("2019-docs-after-contact-work.ndjson");
    const from = unixMillis(Math.min(...rows.map((row) => row.event_time)) - 1000);
    const [work] = deriveAgent(rows, { from, to: unixMillis(from + 86_400_000) }).after_contact_work;
    expect(work).toMatchObject({ duration_ms: 5_005, closed_by: "cleared", time_precision: "ms" });
  });
});

describe("what ends after-contact work", () => {
  test("the agent clears the contact, or the timeout does: contacts empty, the status unchanged", () => {
    expect(workLines(workOf(inWork().at("09:02:20").contacts()))).toEqual(["09:02:00-09:02:20 c-1 cleared"]);
  });

  test("a configuration change during it does not end it", () => {
    const script = inWork().at("09:02:10").routingProfile("Other").at("09:02:20").contacts();
    expect(workLines(workOf(script))).toEqual(["09:02:00-09:02:20 c-1 cleared"]);
  });

  test("going Offline", () => {
    expect(workLines(workOf(inWork().at("09:02:30").status("Offline", [])))).toEqual([
      "09:02:00-09:02:30 c-1 status_change",
    ]);
  });

  test("a status change while the contact stays listed does not end it", () => {
    expect(workLines(workOf(inWork().at("09:02:30").status("Break").at("09:03").contacts()))).toEqual([
      "09:02:00-09:03:00 c-1 cleared",
    ]);
  });

  test("a logout, flagged, because no snapshot says so", () => {
    expect(workLines(workOf(inWork().at("09:02:30").logout()))).toEqual(["09:02:00-09:02:30 c-1 logout inferred"]);
  });

  test("the next login, where the logout was lost", () => {
    expect(workLines(workOf(inWork().at("09:04").login()))).toEqual([
      "09:02:00-09:04:00 c-1 next_login inferred from 09:02:00",
    ]);
  });

  test("a heartbeat without the contact: it ended at some time since the last event", () => {
    const script = inWork().at("09:02:30").next("Lunch").at("09:03").contacts().lose().at("09:05").beat();
    expect(workLines(workOf(script))).toEqual(["09:02:00-09:05:00 c-1 heartbeat inferred from 09:02:30"]);
  });

  test("an event whose previous snapshot no longer lists the contact", () => {
    const script = inWork().at("09:03").contacts().lose().at("09:04").status("Lunch");
    expect(workLines(workOf(script))).toEqual(["09:02:00-09:04:00 c-1 gap inferred from 09:02:00"]);
  });

  test("nothing yet: it goes on", () => {
    const derived = deriveAgent(inWork().rows(), { from: at("00:00"), to: at("09:02:30") });
    expect(workLines(derived.after_contact_work)).toEqual(["09:02:00-... c-1"]);
    expect(derived.state.after_contact_work).toEqual(derived.after_contact_work);
    expect(derived.state).toMatchObject({ activity: "after_contact_work", activity_start_time: at("09:02") });
  });
});

describe("lost events", () => {
  test("the event that told ENDED is lost: the next previous snapshot tells when it began", () => {
    const script = atWork().at("09:01").contacts(connected);
    script
      .at("09:02")
      .contacts({ ...ended, since: "09:02" })
      .lose()
      .at("09:02:20")
      .contacts();
    const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:03") });
    expect(workLines(derived.after_contact_work)).toEqual(["09:02:00-09:02:20 c-1 cleared"]);
    expect(gapLines(derived.gaps)).toEqual(["09:01:00-09:02:20 lost_event: contact c-1 CONNECTED held, ENDED told"]);
  });
});

describe("several contacts", () => {
  const chat = (id: string, state: string, since: string): ScriptContact => ({
    ContactId: id,
    State: state,
    since,
    Channel: "CHAT",
    connected: "09:01",
  });

  test("one chat is cleared while another is connected: its work ends although the agent still has contacts", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"), chat("b", "CONNECTED", "09:01"));
    script.at("09:02").contacts(chat("a", "ENDED", "09:02"), chat("b", "CONNECTED", "09:01"));
    script.at("09:03").contacts(chat("b", "CONNECTED", "09:01"));
    expect(workLines(workOf(script))).toEqual(["09:02:00-09:03:00 a cleared"]);
  });

  test("two at once overlap, each with its own duration", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"), chat("b", "CONNECTED", "09:01"));
    script.at("09:02").contacts(chat("a", "ENDED", "09:02"), chat("b", "CONNECTED", "09:01"));
    script.at("09:02:30").contacts(chat("a", "ENDED", "09:02"), chat("b", "ENDED", "09:02:30"));
    script
      .at("09:03")
      .contacts(chat("b", "ENDED", "09:02:30"))
      .at("09:03:30")
      .contacts();
    expect(workLines(workOf(script))).toEqual(["09:02:00-09:03:00 a cleared", "09:02:30-09:03:30 b cleared"]);
  });

  test("a chat the agent leaves uncleared when going Offline stays open until it is cleared", () => {
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"));
    script
      .at("09:02")
      .contacts(chat("a", "ENDED", "09:02"))
      .at("09:03")
      .status("Offline");
    expect(workLines(workOf(script, "09:04"))).toEqual(["09:02:00-... a"]);
  });
});

describe("contacts that were not answered", () => {
  test.each(["MISSED", "REJECTED", "ERROR"])(
    "%s, then cleared, is no after-contact work and no idle contact time",
    (state) => {
      const script = atWork().at("09:01").contacts({ ContactId: "c-1", State: "CONNECTING" });
      script.at("09:01:20").contacts({ ContactId: "c-1", State: state }).at("09:01:30").contacts();
      const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:02") });
      expect(derived.after_contact_work).toEqual([]);
      expect(activityLines(derived.activity).slice(2)).toEqual([
        "09:01:00-09:01:20 connecting (Available) c-1",
        "09:01:20-09:01:30 error (Available) c-1",
        "09:01:30-09:02:00 idle (Available)",
      ]);
    },
  );
});
