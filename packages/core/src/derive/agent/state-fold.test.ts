import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import { AgentFold } from "./agent-fold.ts";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at, decodeEvent } from "./fixtures/agent-script.ts";
import { activityLines, gapLines, sessionLines, stateLines } from "./fixtures/summaries.ts";
import { groupByPerson } from "./person.ts";

const day = { from: at("00:00"), to: at("12:00") };

/** Logged in at nine, Available at two seconds past. */
function atWork(): AgentScript {
  return new AgentScript().at("09:00").login().at("09:00:02").status("Available");
}

const call = { ContactId: "c-1", State: "CONNECTED", connected: "09:01:05" };

describe("logins and logouts", () => {
  test("LOGIN with null snapshots, a first STATE_CHANGE without a previous one, LOGOUT with both, HEART_BEAT after it", () => {
    const script = atWork().at("09:02").beat().at("09:03").status("Offline").at("09:03:30").logout().at("09:05").beat();
    const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:10") });
    expect(activityLines(derived.activity)).toEqual([
      "09:00:00-09:00:02 offline",
      "09:00:02-09:03:00 idle (Available)",
      "09:03:00-09:10:00 offline (Offline)",
    ]);
    expect(sessionLines(derived.login_sessions)).toEqual(["09:00:00-09:03:30 logout"]);
    expect(derived.gaps).toEqual([]);
    expect(derived.state).toMatchObject({ is_logged_in: false, confidence: "known", activity: "offline" });
  });

  test("the real day of 2018: Offline precedes the logout, and pruned heartbeats are gaps, not idle time", () => {
    const body = readFileSync(
      new URL("../../sources/agent-event/fixtures/2018-real-sequence.ndjson", import.meta.url),
      "utf8",
    );
    const rows = body.trimEnd().split("\n").map(decodeEvent);
    const derived = deriveAgent(rows, {
      from: unixMillis(Date.UTC(2018, 4, 16)),
      to: unixMillis(Date.UTC(2018, 4, 16, 17)),
    });
    expect(activityLines(derived.activity)).toEqual([
      "16:12:59-16:23:19 offline",
      "16:23:19-16:26:43 idle (Available)",
      "16:26:43-16:32:59 unknown (Available)",
      "16:32:59-16:36:44 non_productive (Break)",
      "16:36:44-16:42:48 unknown (Break)",
      "16:42:48-16:50:18 non_productive (Lunch)",
      "16:50:18-17:00:00 offline (Offline)",
    ]);
    expect(sessionLines(derived.login_sessions)).toEqual(["16:12:59-16:55:52 logout"]);
    expect(gapLines(derived.gaps)).toEqual([
      "16:26:43-16:32:59 silence: no event for 376 s",
      "16:36:44-16:42:48 silence: no event for 364 s",
    ]);
  });

  test("a heartbeat after a logout logs nobody in, even if it tells of a later Available", () => {
    const script = atWork().at("09:03").status("Offline").at("09:04").logout();
    script.at("09:05").status("Available").lose().at("09:06").beat();
    const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:07") });
    expect(derived.state).toMatchObject({ is_logged_in: false, confidence: "unknown", activity: "unknown" });
    expect(gapLines(derived.gaps)).toEqual(["09:04:00-09:06:00 lost_event: status Offline held, Available told"]);
    expect(activityLines(derived.activity).slice(-3)).toEqual([
      "09:03:00-09:04:00 offline (Offline)",
      "09:04:00-09:05:00 offline (Offline) presumed",
      "09:05:00-09:07:00 unknown (Offline)",
    ]);
  });

  test("an agent first heard of by a heartbeat has its status, and whether it is logged in is not known", () => {
    const [, , beat] = atWork().at("09:02").beat().rows();
    if (beat === undefined) throw new Error("no beat");
    const { state, login_sessions } = deriveAgent([beat], { from: at("00:00"), to: at("09:03") });
    expect(state).toMatchObject({ is_logged_in: null, status_name: "Available", activity: "available" });
    expect(login_sessions).toEqual([]);
  });

  test("a login without the logout before it ends the session at its last sign of life", () => {
    const script = atWork().at("09:02").beat().at("09:03").login().at("09:03:02").status("Available");
    expect(sessionLines(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") }).login_sessions)).toEqual([
      "09:00:00-09:02:00 next_login inferred",
      "09:03:00-... open",
    ]);
  });

  test("a logout with Available left on is a ghost: offline, and Connect may go on offering", () => {
    const script = atWork().at("09:01").logout().at("09:03").beat();
    const { state, activity, gaps } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") });
    expect(state).toMatchObject({ is_ghost: true, is_logged_in: false, status_name: "Available", activity: "offline" });
    expect(activityLines(activity).at(-1)).toBe("09:01:00-09:04:00 offline (Available)");
    expect(gaps).toEqual([]);
  });

  test("an administrator who changes a logged-out agent's routing profile does not log the agent in", () => {
    const script = atWork().at("09:03").status("Offline").at("09:04").logout().at("09:10").routingProfile("Other");
    const { state, gaps } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:11") });
    expect(state).toMatchObject({ is_logged_in: false, routing_profile_name: "Other", activity: "offline" });
    expect(gaps).toEqual([]);
  });
});

describe("repetition and order", () => {
  const rows = atWork().at("09:01").contacts(call).at("09:02").contacts().at("09:03").status("Lunch").rows();

  test("an event delivered twice, under two sequence numbers or twice in one batch, counts once", () => {
    expect(deriveAgent([...rows, ...rows], day)).toEqual(deriveAgent(rows, day));
  });

  test("an event older than what came before is put in its place and what follows is derived again", () => {
    const fold = new AgentFold({ agentId: "ana", windowMs: 300_000 });
    const [login, available, connected, cleared, lunch] = rows;
    if (!login || !available || !connected || !cleared || !lunch) throw new Error("five events");
    expect([login, available, lunch, cleared].map((event) => fold.apply(event))).toEqual([
      "changed",
      "changed",
      "changed",
      "changed",
    ]);
    expect(fold.derivationAt(at("09:04")).gaps).toHaveLength(1);
    expect(fold.apply(connected)).toBe("changed");
    expect(fold.apply(connected)).toBe("duplicate");
    const { activity, gaps } = fold.derivationAt(at("09:04"));
    expect(gaps).toEqual([]);
    expect(activity).toEqual(deriveAgent(rows, { from: at("00:00"), to: at("09:04") }).activity);
  });

  test("an event older than what is settled is refused, not misplaced", () => {
    const fold = new AgentFold({ agentId: "ana", windowMs: 30_000 });
    const [login, available, ...later] = rows;
    if (!login || !available) throw new Error("two events");
    for (const event of [login, ...later]) fold.apply(event);
    expect(fold.apply(available)).toBe("too_late");
  });

  test("two events of one millisecond are read in the order their snapshots tell", () => {
    const script = atWork()
      .at("09:01")
      .contacts(call)
      .contacts({ ...call, State: "ENDED" })
      .contacts()
      .status("Lunch");
    const derived = deriveAgent(script.rows().toReversed(), { from: at("00:00"), to: at("09:02") });
    expect(derived.gaps).toEqual([]);
    expect(derived.state.status_name).toBe("Lunch");
    expect(derived.after_contact_work).toHaveLength(1);
  });

  test("a heartbeat of the same millisecond as a change confirms what was before it", () => {
    const beat = atWork().at("09:02").beat().rows();
    const [, , lunch] = atWork().at("09:02").status("Lunch").rows();
    for (const record_id of ["0", "~"]) {
      const both = [...beat, ...(lunch === undefined ? [] : [{ ...lunch, record_id }])];
      const { gaps, state } = deriveAgent(both, { from: at("00:00"), to: at("09:03") });
      expect([gaps, state.status_name]).toEqual([[], "Lunch"]);
    }
  });
});

describe("gaps", () => {
  test("a previous snapshot other than the state held marks a gap, and nothing in it counts as idle", () => {
    const script = atWork().at("09:01").status("Break").lose().at("09:03").status("Available");
    const { gaps, activity } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") });
    expect(gapLines(gaps)).toEqual(["09:00:02-09:03:00 lost_event: status Available held, Break told"]);
    expect(activityLines(activity)).toEqual([
      "09:00:00-09:00:02 offline",
      "09:00:02-09:03:00 unknown (Available)",
      "09:03:00-09:04:00 idle (Available)",
    ]);
  });

  test("a status left and chosen again in between is seen by its start", () => {
    const script = atWork().at("09:01").status("Break").lose().at("09:02").status("Available").lose();
    script.at("09:03").status("Lunch");
    expect(gapLines(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") }).gaps)).toEqual([
      "09:00:02-09:03:00 lost_event: status Available since 2026-11-20T09:00:02.000Z held, since 2026-11-20T09:02:00.000Z told",
    ]);
  });

  test("a heartbeat that differs from the state held repairs it and marks a gap", () => {
    const script = atWork().at("09:01").status("Break").lose().at("09:03").beat();
    const { gaps, state, activity } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") });
    expect(gaps).toHaveLength(1);
    expect(state).toMatchObject({ status_name: "Break", activity: "custom", is_logged_in: true });
    expect(activityLines(activity).slice(1)).toEqual([
      "09:00:02-09:03:00 unknown (Available)",
      "09:03:00-09:04:00 non_productive (Break)",
    ]);
  });

  test("a lost login is noticed by the missing previous snapshot", () => {
    const script = atWork().at("09:01").status("Offline").at("09:02").logout();
    script.at("09:30").login().lose().at("09:30:02").status("Available");
    const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:31") });
    expect(gapLines(derived.gaps)).toEqual(["09:02:00-09:30:02 lost_event: a login was not received"]);
    expect(sessionLines(derived.login_sessions)).toEqual([
      "09:00:00-09:02:00 logout",
      "09:30:02-... open login not seen",
    ]);
    expect(activityLines(derived.activity).slice(-2)).toEqual([
      "09:02:00-09:30:02 offline (Offline) presumed",
      "09:30:02-09:31:00 idle (Available)",
    ]);
  });

  test("settings that no snapshot publishes make an event that changes nothing", () => {
    const script = atWork();
    const same = script.snapshot();
    script.at("09:01").raw({ CurrentAgentSnapshot: same, PreviousAgentSnapshot: same });
    const fold = new AgentFold({ agentId: "ana" });
    expect(script.rows().map((event) => fold.apply(event))).toEqual(["changed", "changed", "unchanged"]);
    expect(fold.derivationAt(at("09:02")).gaps).toEqual([]);
  });

  test("the guide's heartbeat, whose previous snapshot is another status, is no transition", () => {
    const script = atWork();
    const current = script.snapshot();
    const previous = JSON.parse(JSON.stringify(current).replace('"Name":"Available"', '"Name":"Offline"'));
    script.at("09:02").raw({ EventType: "HEART_BEAT", CurrentAgentSnapshot: current, PreviousAgentSnapshot: previous });
    expect(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:03") }).gaps).toEqual([]);
  });
});

describe("silence", () => {
  test("239 s of silence are normal, 301 s make the state unknown", () => {
    const rows = atWork().rows();
    const stateAt = (clock: string) => deriveAgent(rows, { from: at("00:00"), to: at(clock) }).state;
    expect(stateAt("09:04:01")).toMatchObject({ confidence: "known", activity: "available", last_gap: null });
    expect(stateAt("09:05:03")).toMatchObject({
      confidence: "unknown",
      activity: "unknown",
      activity_start_time: at("09:00:02"),
      last_gap: { reason: "silence", end_time: null },
    });
    const silent = atWork().at("09:05:03").status("Lunch");
    expect(activityLines(deriveAgent(silent.rows(), { from: at("00:00"), to: at("09:06") }).activity)).toEqual([
      "09:00:00-09:00:02 offline",
      "09:00:02-09:05:03 unknown (Available)",
      "09:05:03-09:06:00 non_productive (Lunch)",
    ]);
    const normal = atWork().at("09:04:01").status("Lunch");
    expect(deriveAgent(normal.rows(), { from: at("00:00"), to: at("09:06") }).gaps).toEqual([]);
  });

  test("silence after the hour of heartbeats that follows a closed browser is presumed to be offline", () => {
    const rows = atWork().beatsUntil("10:00:02").rows();
    const derived = deriveAgent(rows, { from: at("00:00"), to: at("10:06") });
    expect(derived.state).toMatchObject({
      confidence: "presumed_offline",
      is_logged_in: false,
      activity: "offline",
      is_ghost: true,
    });
    expect(activityLines(derived.activity).slice(1)).toEqual([
      "09:00:02-10:00:02 idle (Available)",
      "10:00:02-10:06:00 offline (Available) presumed",
    ]);
  });

  test("the login of the next day closes the session that had no logout", () => {
    const script = atWork().at("09:01").contacts({ ContactId: "c-1", State: "ENDED", connected: "09:00:30" });
    script.beatsUntil("10:00:30").at("+1 09:00").login().at("+1 09:00:02").status("Available", []);
    const derived = deriveAgent(script.rows(), { from: at("00:00"), to: at("+1 09:01") });
    expect(sessionLines(derived.login_sessions)).toEqual(["09:00:00-09:59:00 presumed inferred", "09:00:00-... open"]);
    expect(gapLines(derived.gaps)).toEqual([
      "09:59:00-09:00:00 presumed_offline: a new session begins and no logout was received",
    ]);
    expect(derived.after_contact_work).toMatchObject([
      { closed_by: "presumed_logout", end_time: at("09:59"), is_inferred: true },
    ]);
  });

  test("a session cannot be older than twelve hours once its agent is silent", () => {
    const script = atWork().beatsUntil("20:00").at("20:30").status("Break").at("20:32").beat();
    const stateAt = (clock: string) =>
      deriveAgent(script.rows(), { from: at("00:00"), to: at(clock) }).state.confidence;
    expect([stateAt("20:36"), stateAt("20:38"), stateAt("21:01")]).toEqual(["known", "unknown", "presumed_offline"]);
  });
});

describe("contacts", () => {
  test("a next status is held until it is applied at the contact's end", () => {
    const script = atWork().at("09:01").contacts(call).at("09:02").next("Lunch");
    expect(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:02:30") }).state).toMatchObject({
      status_name: "Available",
      next_status_name: "Lunch",
      next_status_enqueued_time: at("09:02"),
    });
    script
      .at("09:03")
      .contacts({ ...call, State: "ENDED" })
      .at("09:03:10")
      .status("Lunch", []);
    const { state, activity, gaps } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") });
    expect(state).toMatchObject({ status_name: "Lunch", next_status_name: null });
    expect(gaps).toEqual([]);
    expect(activityLines(activity).slice(2)).toEqual([
      "09:01:00-09:03:10 contact (Available) c-1",
      "09:03:10-09:04:00 non_productive (Lunch)",
    ]);
  });

  test("two holds with an unchanged StateStartTimestamp are timed by their events", () => {
    const script = atWork().at("09:01:05").contacts(call);
    for (const [hold, resume] of [
      ["09:02", "09:02:30"],
      ["09:04", "09:05"],
    ] as const) {
      script.at(hold).contacts({ ...call, State: "CONNECTED_ONHOLD", since: "09:01:05" });
      script.at(resume).contacts({ ...call, since: "09:01:05" });
    }
    expect(stateLines(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:06") }).contact_states)).toEqual([
      "09:01:05-09:02:00 c-1 CONNECTED",
      "09:02:00-09:02:30 c-1 CONNECTED_ONHOLD",
      "09:02:30-09:04:00 c-1 CONNECTED",
      "09:04:00-09:05:00 c-1 CONNECTED_ONHOLD",
      "09:05:00-... c-1 CONNECTED",
    ]);
  });

  test("an outbound call in a break is non-productive and on contact at once", () => {
    const script = atWork().at("09:01").status("Break");
    script.at("09:02").contacts({ ContactId: "c-1", State: "CONNECTING", InitiationMethod: "OUTBOUND" });
    script
      .at("09:02:10")
      .contacts({ ...call, InitiationMethod: "OUTBOUND" })
      .at("09:03")
      .contacts();
    const { activity, offers } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:04") });
    expect(activityLines(activity).slice(2)).toEqual([
      "09:01:00-09:02:00 non_productive (Break)",
      "09:02:00-09:03:00 non_productive (Break) c-1 on contact",
      "09:03:00-09:04:00 non_productive (Break)",
    ]);
    expect(offers).toEqual([]);
  });

  test("a supervisor listening in has no customer contact", () => {
    const script = atWork().at("09:01").contacts({ ContactId: "c-1", State: "CONNECTED", InitiationMethod: "MONITOR" });
    const { activity, offers, state } = deriveAgent(script.rows(), { from: at("00:00"), to: at("09:02") });
    expect(activityLines(activity).at(-1)).toBe("09:00:02-09:02:00 idle (Available) c-1");
    expect(offers).toEqual([]);
    expect(state.activity).toBe("monitoring");
  });
});

describe("two Regions", () => {
  const arn = (region: string, id: string) => `arn:aws:connect:${region}:111122223333:instance/i-1/agent/${id}`;
  const london = { agentArn: arn("eu-west-2", "ana-london"), prefix: "l" };
  const frankfurt = { agentArn: arn("eu-central-1", "ana-frankfurt"), prefix: "f" };
  const write = (script: AgentScript) =>
    script
      .regions("eu-west-2", "eu-west-2", "eu-central-1")
      .at("09:00")
      .login()
      .at("09:00:02")
      .status("Available")
      .at("09:01")
      .contacts(call)
      .at("09:02")
      .contacts();

  test("one username under two agent ARNs is one person, and copies of an event count once", () => {
    const rows = [...write(new AgentScript(london)).rows(), ...write(new AgentScript(frankfurt)).rows()];
    const persons = groupByPerson(rows);
    expect(persons.map((person) => person.agentIds)).toEqual([["ana-frankfurt", "ana-london"]]);
    const derived = deriveAgent(rows, { from: at("00:00"), to: at("09:03"), agentId: "ana-london" });
    const alone = deriveAgent(write(new AgentScript(london)).rows(), { from: at("00:00"), to: at("09:03") });
    expect(activityLines(derived.activity)).toEqual(activityLines(alone.activity));
    expect(sessionLines(derived.login_sessions)).toEqual(["09:00:00-... open"]);
    expect(derived.gaps).toEqual([]);
    expect(derived.state.identities.map((identity) => identity.agent_id).toSorted()).toEqual([
      "ana-frankfurt",
      "ana-london",
    ]);
  });

  test("two ids from one Region stay two people: the user was made again", () => {
    const rows = [
      ...write(new AgentScript(london)).rows(),
      ...write(new AgentScript({ agentArn: arn("eu-west-2", "ana-again"), prefix: "x" })).rows(),
    ];
    expect(groupByPerson(rows)).toHaveLength(2);
  });

  test("a heartbeat of the Region the agent is not working in contradicts nothing", () => {
    const script = new AgentScript(frankfurt).regions("eu-west-2", "eu-west-2", "eu-central-1");
    script.at("08:59").status("Offline").lose().at("09:01:30").beat();
    const rows = [...write(new AgentScript(london)).rows(), ...script.rows()];
    const derived = deriveAgent(rows, { from: at("00:00"), to: at("09:03") });
    expect(derived.gaps).toEqual([]);
    expect(derived.state.status_name).toBe("Available");
  });
});
