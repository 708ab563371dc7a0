import { describe, expect, test } from "vitest";
import { agentEvent, row } from "./fixtures/timeline-rows.ts";
import { deriveLineage } from "./lineage.ts";
import type { TimelineLink, TimelineRow } from "./timeline-row.ts";

function tell(rows: readonly TimelineRow[], links: readonly TimelineLink[] = []): string[] {
  const lineage = deriveLineage({ contactId: "call-1", rows, links });
  return lineage.map((link) => `${link.relation} ${link.contact_id} by ${link.record_id}`);
}

describe("the contacts around a contact", () => {
  test("are those that its own records name", () => {
    const record = row("contact_record", "CONTACT_RECORD", "14:00:00.000", {
      record_id: "record",
      contact_id: "call-1",
      initial_contact_id: "call-0",
      previous_contact_id: "call-0",
      related_contact_id: "task-1",
      initiation_method: "TRANSFER",
    });
    expect(tell([record])).toEqual([
      "initial call-0 by record",
      "previous call-0 by record",
      "transferred_from call-0 by record",
      "related task-1 by record",
    ]);
  });

  test("are those whose records name it, seen from this side", () => {
    const next = row("contact_event", "INITIATED", "14:00:00.000", {
      record_id: "event",
      contact_id: "call-2",
      initial_contact_id: "call-1",
      previous_contact_id: "call-1",
      initiation_method: "QUEUE_TRANSFER",
    });
    expect(tell([next])).toEqual(["next call-2 by event", "transferred_to call-2 by event"]);
  });

  test("a contact that only began with this one is related", () => {
    const later = agentEvent("14:00:00.000", {
      contacts: [{ contact_id: "call-3", state: "CONNECTED", initial_contact_id: "call-1" }],
    });
    expect(tell([later])).toEqual(["related call-3 by agent_event ana 14:00:00.000"]);
  });

  test("come from the store's links as well, once each", () => {
    const link: TimelineLink = {
      contact_id: "call-2",
      relation: "previous",
      other_contact_id: "call-1",
      record_id: "link",
    };
    expect(tell([], [link, link])).toEqual(["next call-2 by link"]);
  });

  test("a contact is not its own relative", () => {
    expect(
      tell([], [{ contact_id: "call-1", relation: "initial", other_contact_id: "call-1", record_id: "link" }]),
    ).toEqual([]);
  });
});
