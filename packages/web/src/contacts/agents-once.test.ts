import type { ContactSummary } from "@fourwire/core";
import { expect, test } from "vitest";
import { agentsOnce, isLoginName } from "./agents-once.ts";
import { findContacts } from "./find-contacts.ts";

test("an agent named by id and by login is one agent", () => {
  expect(agentsOnce(["ana.ruiz", "id-ana", "ben.okafor"], new Map([["id-ana", "ana.ruiz"]]))).toEqual([
    "id-ana",
    "ben.okafor",
  ]);
});

test("a long login name is no id to be shortened", () => {
  const agents = [
    "zoe.vandenberg",
    "3f2a9c1b-1111-2222-3333-444455559f21",
    "arn:aws:connect:eu-west-2:1:instance/a/agent/b",
  ];
  expect(agents.map(isLoginName)).toEqual([true, false, false]);
});

test("contacts are found by any part of their id or of an agent", () => {
  const times = { first_event_time: "t", last_event_time: "t", record_count: 1, error_count: 0, sources: [] };
  const contacts: readonly ContactSummary[] = [
    { ...times, contact_id: "AAA-1", agents: ["ana.ruiz"] },
    { ...times, contact_id: "BBB-2", agents: [] },
  ];
  expect(["", "aaa", "ruiz", "zzz"].map((text) => findContacts(contacts, text).length)).toEqual([2, 1, 1, 0]);
});
