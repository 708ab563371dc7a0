import { createHash } from "node:crypto";
import { SOURCES, unixMillis, type SourceName, type SourceRecord } from "@fourwire/core";
import { createSimulation, type CcpLevel, type Emission, type Truth } from "../src/index.ts";
import { MINUTE_MS } from "./run.ts";

/** A simulation of one place with one incident, its records decoded as the store would get them. */
export interface StoredRun {
  readonly emissions: readonly Emission[];
  readonly rows: readonly SourceRecord[];
  readonly truth: readonly Truth[];
  readonly incident: Extract<Truth, { kind: "incident" }>;
  /** Rows of a source between two instants of the truth. */
  during(source: SourceName): readonly SourceRecord[];
  of(source: SourceName): readonly SourceRecord[];
}

const START = unixMillis(Date.parse("2026-11-02T14:00:00.000Z"));
const DURATION_MS = 60 * MINUTE_MS;

export function runIncident(name: string, options: { level?: CcpLevel; agents?: number } = {}): StoredRun {
  const truth: Truth[] = [];
  const simulation = createSimulation({
    seed: 7,
    agents: options.agents ?? 60,
    startTime: START,
    durationMs: DURATION_MS,
    preset: "centre",
    places: [0],
    incidents: name === "" ? [] : [name],
    level: options.level ?? "INFO",
    tell: (fact) => truth.push(fact),
  });
  const emissions = [...simulation.emissionsUntil(unixMillis(START + DURATION_MS))];
  simulation.finish();
  const rows = decodeAll(emissions);
  const incident = truth.find((fact): fact is StoredRun["incident"] => fact.kind === "incident");
  if (incident === undefined) throw new Error(`no incident of the name ${name} was told`);
  const [from, until] = [Date.parse(incident.start_time), Date.parse(incident.end_time ?? "2100-01-01T00:00:00Z")];
  return {
    emissions,
    rows,
    truth,
    incident,
    of: (source) => rows.filter((row) => row.source === source),
    during: (source) => rows.filter((row) => row.source === source && row.event_time >= from && row.event_time < until),
  };
}

/** What the decoders make of records; throws where they reject one. */
function decodeAll(emissions: readonly Emission[]): SourceRecord[] {
  const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
  const memories = new Map(Object.values(SOURCES).map((source) => [source.name, source.createMemory?.()]));
  return emissions.map(({ source, time, body }) => {
    const received = { value: JSON.parse(body), body, carrier: undefined };
    const decoded = SOURCES[source].decode(received);
    if (!decoded.ok) throw new Error(`${source} ${decoded.rejected.reason} ${decoded.rejected.detail} ${body}`);
    const context = { digest, observedTime: time, memory: memories.get(source) };
    return SOURCES[source].normalize(decoded.value, received, context);
  });
}
