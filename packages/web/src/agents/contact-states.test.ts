import { expect, test } from "vitest";
import { describeContactStates } from "./contact-states.ts";

test("the states of an agent's contacts are told as received", () => {
  expect(describeContactStates([{ ContactId: "1", State: "CONNECTED" }, "ENDED"])).toBe("CONNECTED, ENDED");
});
test("what is not known is said to be so, and no contacts are no words", () => {
  expect([
    describeContactStates([{ ContactId: "1" }, null]),
    describeContactStates([]),
    describeContactStates(null),
  ]).toEqual(["state not received, state not received", "", ""]);
});
