import { describe, expect, test } from "vitest";
import { deriveAgent } from "./derive-agent.ts";
import { AgentScript, at, type ScriptContact } from "./fixtures/agent-script.ts";
import { activityLines, offerLines } from "./fixtures/summaries.ts";

function atWork(): AgentScript {
  return new AgentScript().at("09:00").login().at("09:00:02").status("Available");
}

const call = (State: string, fields: Partial<ScriptContact> = {}): ScriptContact => ({
  ContactId: "c-1",
  State,
  ...fields,
});
const derive = (script: AgentScript) => deriveAgent(script.rows(), { from: at("00:00"), to: at("09:05") });

describe("offers", () => {
  test("the same contact offered twice to the same agent is two offers", () => {
    const script = atWork().at("09:01").contacts(call("CONNECTING")).at("09:01:20").contacts(call("MISSED"));
    script
      .at("09:01:30")
      .contacts()
      .at("09:02")
      .contacts(call("CONNECTING"))
      .at("09:02:05")
      .contacts(call("CONNECTED"));
    expect(offerLines(derive(script).offers)).toEqual([
      "09:01:00-09:01:20 c-1 missed",
      "09:02:00-09:02:05 c-1 answered",
    ]);
  });

  test("a missed contact offered again before it was cleared is a second offer", () => {
    const script = atWork().at("09:01").contacts(call("CONNECTING")).at("09:01:20").contacts(call("MISSED"));
    script.at("09:01:25").contacts(call("CONNECTING")).at("09:01:45").contacts(call("MISSED"));
    expect(offerLines(derive(script).offers)).toEqual(["09:01:00-09:01:20 c-1 missed", "09:01:25-09:01:45 c-1 missed"]);
  });

  test("a queued callback is offered while INCOMING and dialled while CONNECTING", () => {
    const callback = { InitiationMethod: "CALLBACK" };
    const script = atWork().at("09:01").contacts(call("INCOMING", callback));
    script.at("09:01:10").contacts(call("CONNECTING", callback)).at("09:01:30").contacts(call("CONNECTED", callback));
    const { offers, activity } = derive(script);
    expect(offerLines(offers)).toEqual(["09:01:00-09:01:10 c-1 answered"]);
    expect(activityLines(activity).slice(2)).toEqual([
      "09:01:00-09:01:10 connecting (Available) c-1",
      "09:01:10-09:05:00 contact (Available) c-1",
    ]);
  });

  test("a customer-first callback rings like an inbound call", () => {
    const script = atWork()
      .at("09:01")
      .contacts(call("CONNECTING", { InitiationMethod: "CALLBACK_CUSTOMER_FIRST_DIALED" }));
    script.at("09:01:10").contacts(call("CONNECTED", { InitiationMethod: "CALLBACK_CUSTOMER_FIRST_DIALED" }));
    expect(offerLines(derive(script).offers)).toEqual(["09:01:00-09:01:10 c-1 answered"]);
  });

  test("a contact that goes while it rings was withdrawn, and one that still rings is open", () => {
    const gone = atWork().at("09:01").contacts(call("CONNECTING")).at("09:01:07").contacts();
    expect(offerLines(derive(gone).offers)).toEqual(["09:01:00-09:01:07 c-1 withdrawn"]);
    expect(offerLines(derive(atWork().at("09:01").contacts(call("CONNECTING"))).offers)).toEqual(["09:01:00-... c-1"]);
  });

  test("an offer whose events are lost is inferred from the contact that was connected", () => {
    const script = atWork().at("09:01").contacts(call("CONNECTING")).lose();
    script
      .at("09:01:05")
      .contacts(call("CONNECTED", { connected: "09:01:05" }))
      .lose();
    script.at("09:02").contacts(call("ENDED", { connected: "09:01:05" }));
    expect(offerLines(derive(script).offers)).toEqual(["09:01:05-09:01:05 c-1 answered inferred"]);
  });

  test("a second chat that rings while one is connected does not show, and counts as an offer", () => {
    const chat = (ContactId: string, State: string, since: string) => ({ ContactId, State, since, Channel: "CHAT" });
    const script = atWork()
      .at("09:01")
      .contacts(chat("a", "CONNECTED", "09:01"));
    script.at("09:02").contacts(chat("a", "CONNECTED", "09:01"), chat("b", "CONNECTING", "09:02"));
    const { state, offers } = derive(script);
    expect(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:02:01") }).state.activity).toBe("on_contact");
    expect(offers.map((offer) => offer.contact_id)).toEqual(["a", "b"]);
    expect(state.contacts.map((contact) => contact.state)).toEqual(["CONNECTED", "CONNECTING"]);
  });
});

describe("real-time activity", () => {
  const chat = (ContactId: string, State: string) => ({
    ContactId,
    State,
    since: "09:01",
    Channel: "CHAT",
    connected: "09:01",
  });
  test.each([
    [["CONNECTED", "ERROR"], "error"],
    [["CONNECTED", "MISSED"], "missed"],
    [["REJECTED", "CONNECTED"], "rejected"],
    [["ENDED", "CONNECTED"], "on_contact"],
    [["ENDED", "CONNECTING"], "after_contact_work"],
    [["CONNECTING", "TELEPORTED"], "on_contact"],
    [["INCOMING"], "incoming"],
    [[], "available"],
  ])("contacts %s show as %s", (states, expected) => {
    const script = atWork()
      .at("09:01")
      .contacts(...states.map((state, index) => chat(`c-${index}`, state)));
    expect(deriveAgent(script.rows(), { from: at("00:00"), to: at("09:01:01") }).state.activity).toBe(expected);
  });

  test("a state not known here is kept, and a contact in it that was never connected counts for nothing", () => {
    const script = atWork().at("09:01").contacts({ ContactId: "c-1", State: "TELEPORTED" });
    const { state, activity } = derive(script);
    expect(state.contacts.map((contact) => contact.state)).toEqual(["TELEPORTED"]);
    expect(activityLines(activity)[1]).toBe("09:00:02-09:05:00 idle (Available) c-1");
  });
});
