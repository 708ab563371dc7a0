import { createHash } from "node:crypto";
import { SOURCES, type SourceRecord } from "@fourwire/core";
import { expect, test } from "vitest";
import { MINUTE_MS, simulate } from "./run.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const emissions = simulate(7, 45 * MINUTE_MS);
const memories = new Map(Object.values(SOURCES).map((source) => [source.name, source.createMemory?.()]));

const rejections: string[] = [];
const rows: { readonly row: SourceRecord; readonly time: number }[] = [];
for (const { source, time, body } of emissions) {
  const definition = SOURCES[source];
  const received = { value: JSON.parse(body), body, carrier: undefined };
  const decoded = definition.decode(received);
  if (!decoded.ok)
    rejections.push(`${source} ${decoded.rejected.reason} ${decoded.rejected.detail} ${body.slice(0, 200)}`);
  else {
    const context = { digest, observedTime: time, memory: memories.get(source) };
    rows.push({ row: definition.normalize(decoded.value, received, context), time });
  }
}

test("the decoders reject nothing", () => {
  expect(rejections).toEqual([]);
});

test("each record is recognized as its own source and no other", () => {
  const wrong = emissions.filter(({ source, body }) => {
    const value = JSON.parse(body);
    return Object.values(SOURCES).some((definition) => definition.recognize(value) !== (definition.name === source));
  });
  expect(wrong.map(({ source, body }) => `${source} ${body.slice(0, 120)}`)).toEqual([]);
});

test("each record has an id of its own", () => {
  const seen = new Set<string>();
  const twice = rows.filter(({ row }) => seen.size === seen.add(row.record_id).size);
  expect(twice.map(({ row }) => `${row.source} ${row.message}`)).toEqual([]);
});

test("event times are those of the simulation, within a second and the browser's skew", () => {
  const off = rows.filter(
    ({ row, time }) => row.source !== "contact_record" && Math.abs(row.event_time - time) > 3_000,
  );
  expect(off.map(({ row }) => `${row.source} ${row.event_name}`)).toEqual([]);
});
