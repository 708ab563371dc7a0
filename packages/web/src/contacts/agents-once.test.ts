import type { ContactSummary } from "@fourwire/core";
import { expect, test } from "vitest";
import { agentsOnce } from "./agents-once.ts";
import { findContacts } from "./find-contacts.ts";

test("an agent named by id and by login is one agent", () => {
  expect(agentsOnce(["ana.ruiz", "id-ana", "ben.okafor"], new Map([["id-ana", "ana.ruiz"]]))).toEqual([
    "id-ana",
    "ben.okafor",
  ]);
});

test("contacts are found by any part of their id or of an agent", () => {
  const times = { first_event_time: "t", last_event_time: "t", record_count: 1, error_count: 0, sources: [] };
  const contacts: readonly ContactSummary[] = [
    { ...times, contact_id: "AAA-1", agents: ["ana.ruiz"] },
    { ...times, contact_id: "BBB-2", agents: [] },
  ];
  expect(["", "aaa", "ruiz", "zzz"].map((text) => findContacts(contacts, text).length)).toEqual([2, 1, 1, 0]);
});
