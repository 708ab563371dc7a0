import { expect, test } from "vitest";
import { shortenId } from "./shorten-id.ts";

test("a long id keeps both ends", () => {
  expect(shortenId("3f2a9c1b-1111-2222-3333-444455559f21")).toBe("3f2a9c1b…9f21");
});
test("a short id is left whole", () => {
  expect([shortenId("ana.ruiz"), shortenId("1234567890123"), shortenId("")]).toEqual(["ana.ruiz", "1234567890123", ""]);
});
test("of an ARN the resource's own id is shown", () => {
  const arn = "arn:aws:connect:eu-west-2:123456789012:instance/aaaa/agent/3f2a9c1b-1111-2222-3333-444455559f21";
  expect(shortenId(arn)).toBe("3f2a9c1b…9f21");
});
