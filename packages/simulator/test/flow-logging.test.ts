import { describe, expect, test } from "vitest";
import { transferFlowContact } from "../src/flow-engine/flow-contact.ts";
import { action, answers, END, identifiers, parse, say, switchLogging } from "./flow-builders.ts";
import { contactOf, definition, flowOf, runToEnd } from "./flow-runs.ts";

describe("Set logging behavior", () => {
  test("nothing is written before logging is switched on; the switch itself is the first entry", () => {
    const flow = flowOf(definition(say("one", "on"), switchLogging("on", "Enabled", "two"), say("two", "end"), END));
    const entries = parse(runToEnd(flow).bodies);
    expect(entries.map(({ Identifier }) => Identifier)).toEqual(["on", "two", "end"]);
    expect(entries[0]?.Parameters).toEqual({ LoggingBehavior: "Enable" });
  });

  test("switching off is the last entry before the gap; a sensitive part leaves no trace", () => {
    const flow = flowOf(
      definition(
        switchLogging("on", "Enabled", "one"),
        say("one", "off"),
        switchLogging("off", "Disabled", "card"),
        action("card", "GetParticipantInput", { StoreInput: "True", Text: "your card number, please" }, "keep"),
        action("keep", "UpdateContactAttributes", { Attributes: { card: "$.StoredCustomerInput" } }, "on again"),
        switchLogging("on again", "Enabled", "end"),
        END,
      ),
    );
    const { bodies, contact } = runToEnd(flow, { host: answers("4111111111111111") });
    expect(identifiers(bodies)).toEqual(["on", "one", "off", "on again", "end"]);
    expect(parse(bodies)[2]?.Parameters).toEqual({ LoggingBehavior: "Disable" });
    expect(contact.attributes.get("card")).toBe("4111111111111111");
    expect(bodies.join("")).not.toContain("4111");
  });

  test("switching off what is off writes nothing", () => {
    expect(runToEnd(flowOf(definition(switchLogging("off", "Disabled", "end"), END))).bodies).toEqual([]);
  });

  test("a later flow inherits it, on or off", () => {
    const later = flowOf(definition(say("later", "end"), END), { id: "f2", name: "Later" });
    const transfer = action("go", "TransferToFlow", { ContactFlowId: later.arn }, "end");
    const on = flowOf(definition(switchLogging("on", "Enabled", "go"), transfer, END));
    const off = flowOf(definition(switchLogging("off", "Disabled", "go"), transfer, END));
    expect(identifiers(runToEnd(on, { flows: [later] }).bodies)).toEqual(["on", "go", "later", "end"]);
    expect(runToEnd(off, { flows: [later] }).bodies).toEqual([]);
  });

  test("a flow that the same contact enters another time inherits it too", () => {
    const contact = contactOf();
    runToEnd(flowOf(definition(switchLogging("on", "Enabled", "end"), END)), { contact });
    const whisper = flowOf(definition(say("whisper", "end"), END));
    expect(identifiers(runToEnd(whisper, { contact }).bodies)).toEqual(["whisper", "end"]);
  });

  test("the contact of a transfer inherits it under its new id, without a switch of its own", () => {
    const contact = contactOf();
    runToEnd(flowOf(definition(switchLogging("on", "Enabled", "end"), END)), { contact });
    const next = transferFlowContact(contact, "c0000000-0000-4000-8000-000000000002");
    const { bodies } = runToEnd(flowOf(definition(say("queue", "end"), END)), { contact: next });
    expect(bodies.map((body) => JSON.parse(body).ContactId)).toEqual([next.id, next.id]);
  });

  test("an instance without flow logs writes none, whatever its flows say", () => {
    const flow = flowOf(definition(switchLogging("on", "Enabled", "one"), say("one", "end"), END));
    expect(runToEnd(flow, { isInstanceLogging: false }).bodies).toEqual([]);
  });

  test("a module can switch it for the flow that called", () => {
    const module = flowOf(
      definition(switchLogging("off", "Disabled", "back"), action("back", "EndFlowModuleExecution", {}, "")),
      { kind: "module", id: "m1", name: "Quiet" },
    );
    const flow = flowOf(
      definition(
        switchLogging("on", "Enabled", "call"),
        action("call", "InvokeFlowModule", { FlowModuleId: module.arn }, "after"),
        say("after", "end"),
        END,
      ),
    );
    expect(identifiers(runToEnd(flow, { flows: [module] }).bodies)).toEqual(["on", "call", "off"]);
  });
});
