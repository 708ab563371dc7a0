import { describe, expect, test } from "vitest";
import { deriveAgent } from "./derive-agent.ts";
import { explainOffers } from "./explain-offers.ts";
import { AgentScript, at } from "./fixtures/agent-script.ts";
import type { AgentOffer } from "./types/agent-offer.ts";
import type { CcpLine, ContactSign } from "./types/offer-evidence.ts";

/** Rings from 09:01 to 09:01:20. */
function offersOf(outcome: string): readonly AgentOffer[] {
  const script = new AgentScript().at("09:00").login().at("09:00:02").status("Available");
  script.at("09:01").contacts({ ContactId: "c-1", State: "CONNECTING" }).at("09:01:20");
  if (outcome === "withdrawn") script.contacts();
  else script.contacts({ ContactId: "c-1", State: outcome });
  return deriveAgent(script.rows(), { from: at("00:00"), to: at("09:02") }).offers;
}

function line(clock: string, event_name: string, fields: Partial<CcpLine> = {}): CcpLine {
  return {
    record_id: `ccp ${clock} ${event_name}`,
    event_time: at(clock),
    event_name,
    contact_id: null,
    operation: null,
    message: "",
    ...fields,
  };
}

const replies = ["09:00:00", "09:00:30", "09:01:00", "09:01:15", "09:02:00"].map((clock) => line(clock, "api_reply"));
const shown = line("09:01:01", "contact_detected", { contact_id: "c-1" });

function causeOf(outcome: string, ccpLines: readonly CcpLine[], contactSigns: readonly ContactSign[] = []) {
  const [offer] = explainOffers(offersOf(outcome), { ccpLines, contactSigns });
  return [offer?.outcome, offer?.cause, offer?.evidence_record_ids];
}

const left: ContactSign = {
  record_id: "contact-event",
  contact_id: "c-1",
  disconnect_time: at("09:01:19"),
  disconnect_reason: "CUSTOMER_DISCONNECT",
};

describe("why an offer was not answered", () => {
  test("the customer hung up while it rang, whatever Connect calls it", () => {
    expect(causeOf("REJECTED", [...replies, shown], [left])).toEqual([
      "rejected",
      "customer_abandoned",
      ["contact-event"],
    ]);
    expect(causeOf("withdrawn", [], [left])).toEqual(["withdrawn", "customer_abandoned", ["contact-event"]]);
  });

  test("a customer who hung up a minute later, or was disconnected by a flow, did not abandon this offer", () => {
    expect(causeOf("MISSED", [], [{ ...left, disconnect_time: at("09:02:20") }])[1]).toBe("not_known");
    expect(causeOf("MISSED", [], [{ ...left, disconnect_reason: "CONTACT_FLOW_DISCONNECT" }])[1]).toBe("not_known");
  });

  test("the agent pressed reject: MISSED before 2026, REJECTED since", () => {
    const reject = line("09:01:10", "api_call", { operation: "rejectContact" });
    expect(causeOf("MISSED", [...replies, shown, reject])).toEqual(["missed", "agent_declined", [reject.record_id]]);
    expect(causeOf("REJECTED", [])).toEqual(["rejected", "agent_declined", []]);
  });

  test("the browser was silent while it rang, and logs otherwise", () => {
    const around = [line("09:00:50", "log"), line("09:03:00", "log")];
    expect(causeOf("MISSED", around)).toEqual(["missed", "browser_silent", around.map((row) => row.record_id)]);
  });

  test("no CCP log at all proves nothing", () => {
    expect(causeOf("MISSED", [])).toEqual(["missed", "not_known", []]);
  });

  test("the CCP had no answer from Connect for more than 35 s", () => {
    const last = line("09:00:30", "api_reply");
    expect(causeOf("MISSED", [last, line("09:01:05", "log")])).toEqual(["missed", "api_gap", [last.record_id]]);
  });

  test("accepting failed at Connect", () => {
    const failed = line("09:01:08", "api_failed", { operation: "acceptContact" });
    expect(causeOf("MISSED", [...replies, shown, failed])).toEqual(["missed", "api_gap", [failed.record_id]]);
  });

  test("the CCP showed it and the agent did not react", () => {
    expect(causeOf("MISSED", [...replies, shown])).toEqual(["missed", "agent_did_not_answer", [shown.record_id]]);
  });

  test("the softphone could not connect", () => {
    const denied = line("09:01:05", "mic_denied");
    expect(causeOf("ERROR", [...replies, shown, denied])).toEqual(["error", "connection_failed", [denied.record_id]]);
  });

  test("an answered offer has no cause, and order and repetition of the evidence do not matter", () => {
    expect(causeOf("CONNECTED", replies)).toEqual(["answered", null, []]);
    const reject = line("09:01:10", "api_call", { operation: "rejectContact" });
    const lines = [reject, shown, ...replies.toReversed(), reject];
    expect(causeOf("MISSED", lines)).toEqual(causeOf("MISSED", [...replies, shown, reject]));
  });
});
