import { expect, test } from "vitest";
import { listFields } from "./field-list.ts";

test("fields without a value are left out, and only common columns are offered as filters", () => {
  const nothing = {
    severity_text: null,
    contact_id: null,
    agent_username: null,
    flow_id: null,
    session_id: null,
    instance_id: null,
    region: null,
  };
  const common = {
    ...nothing,
    record_id: "r",
    source: "ccp_log" as const,
    event_time: "t",
    event_name: "api",
    severity_number: 9,
    agent_id: "a",
    message: "m",
  };
  const record = {
    ...common,
    account_id: null,
    observed_time: "o",
    ingested_time: "i",
    original_id: null,
    original_body: "{}",
    attributes: { x: { y: 1 } },
    schema_version: 1,
  };
  const columns = [
    { name: "latency_ms", type: "integer" as const, description: "how long", unit: "ms", value: 12 },
    { name: "snapshot", type: "json" as const, description: "all", unit: null, value: '{"a":1}' },
    { name: "empty", type: "text" as const, description: "none", unit: null, value: null },
  ];
  const groups = listFields({ record, columns });
  expect(
    groups.map((group) => group.fields.map((field) => `${field.name}=${field.text}${field.isFilterable ? " ±" : ""}`)),
  ).toEqual([
    ["latency_ms=12", 'snapshot={"a":1}'],
    [
      "record_id=r ±",
      "source=ccp_log ±",
      "event_name=api ±",
      "severity_number=9 ±",
      "agent_id=a ±",
      "observed_time=o",
      "ingested_time=i",
      "schema_version=1",
    ],
    ['x={"y":1}'],
  ]);
});
