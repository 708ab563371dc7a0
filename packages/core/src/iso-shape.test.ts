import { expect, test } from "vitest";
import { unixMillis } from "./instant.ts";
import { inIso } from "./iso-shape.ts";

test("instants become ISO 8601 at any depth; durations, counts and nulls stay", () => {
  const value = {
    start_time: unixMillis(Date.UTC(2026, 10, 20, 9)),
    end_time: null,
    duration_ms: 5005,
    contacts: [{ since_time: unixMillis(Date.UTC(2026, 10, 20, 9, 0, 0, 5)), queue_id: "q" }],
    record_ids: ["a"],
  };
  expect(inIso(value)).toEqual({
    start_time: "2026-11-20T09:00:00.000Z",
    end_time: null,
    duration_ms: 5005,
    contacts: [{ since_time: "2026-11-20T09:00:00.005Z", queue_id: "q" }],
    record_ids: ["a"],
  });
});
