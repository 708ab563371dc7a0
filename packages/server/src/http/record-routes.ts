import {
  AppError,
  type AroundResponse,
  type FacetsResponse,
  type HistogramResponse,
  type RecordsResponse,
  type SourceName,
} from "@fourwire/core";
import type { HistogramRow, PlainRow } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { detailOf, summaryOf } from "../record-json.ts";
import type { ServerContext } from "./context.ts";
import { cursorParameter, filterParameter, integerParameter, rangeParameters, type Parameters } from "./parameters.ts";

const MAX_PAGE = 2000;
const FACET_FIELDS = ["source", "severity_text", "event_name", "agent_username", "flow_id", "region", "instance_id"];
const FACET_VALUES = 12;

/** How far around a record the same agent's other records are shown. */
const AROUND_MS = 30_000;

/** How far the same contact and session are followed. */
const AROUND_CONTACT_MS = 2 * 3_600_000;

export function addRecordRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get("/v1/records", async (request): Promise<RecordsResponse> => {
    const started = performance.now();
    const parameters = request.query as Parameters;
    const limit = integerParameter(parameters, "limit", { fallback: 200, min: 1, max: MAX_PAGE });
    const cursor = cursorParameter(parameters);
    const rows = await context.store.records.page({
      ...rangeParameters(parameters),
      terms: filterParameter(parameters),
      limit,
      ...(cursor === undefined ? {} : { before: { eventTime: cursor.time, recordId: cursor.id } }),
    });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      records: rows.map(summaryOf),
      next_cursor: last === undefined ? null : `${String(last["event_time"])}.${String(last["record_id"])}`,
      took_ms: elapsed(started),
    };
  });

  app.get("/v1/records/histogram", async (request): Promise<HistogramResponse> => {
    const started = performance.now();
    const parameters = request.query as Parameters;
    const range = rangeParameters(parameters);
    const buckets = integerParameter(parameters, "buckets", { fallback: 120, min: 1, max: 2000 });
    const bucketMs = niceBucket((range.to - range.from) / buckets);
    const rows = await context.store.records.histogram({ ...range, terms: filterParameter(parameters) }, bucketMs);
    return {
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      bucket_ms: bucketMs,
      buckets: mergeBuckets(rows),
      total: rows.reduce((sum, row) => sum + row.count, 0),
      took_ms: elapsed(started),
    };
  });

  app.get("/v1/records/facets", async (request): Promise<FacetsResponse> => {
    const started = performance.now();
    const parameters = request.query as Parameters;
    const range = { ...rangeParameters(parameters), terms: filterParameter(parameters) };
    const facets = await Promise.all(
      FACET_FIELDS.map(async (field) => ({
        field,
        values: await context.store.records.topValues(range, field, FACET_VALUES),
      })),
    );
    return { facets: facets.filter((facet) => facet.values.length > 0), took_ms: elapsed(started) };
  });

  app.get<{ Params: { id: string } }>("/v1/records/:id", async (request) =>
    detailOf(await findRecord(context, request.params.id)),
  );

  app.get<{ Params: { id: string } }>("/v1/records/:id/around", async (request): Promise<AroundResponse> => {
    const record = await findRecord(context, request.params.id);
    const near = (field: string, distanceMs: number): Promise<readonly PlainRow[]> =>
      rowsNear(context, record, field, distanceMs);
    const [agent, contact, session] = await Promise.all([
      near("agent_id", AROUND_MS),
      near("contact_id", AROUND_CONTACT_MS),
      near("session_id", AROUND_MS),
    ]);
    return { agent: agent.map(summaryOf), contact: contact.map(summaryOf), session: session.map(summaryOf) };
  });
}

async function findRecord(context: ServerContext, id: string): Promise<PlainRow> {
  const row = await context.store.records.findById(id);
  if (row === undefined) throw new AppError("not_found", `no record has the id "${id}"; it may have left by retention`);
  return row;
}

async function rowsNear(
  context: ServerContext,
  record: PlainRow,
  field: string,
  distanceMs: number,
): Promise<readonly PlainRow[]> {
  const value = record[field];
  if (typeof value !== "string") return [];
  const time = record["event_time"] as number;
  const rows = await context.store.records.page({
    from: time - distanceMs,
    to: time + distanceMs + 1,
    terms: [{ kind: "equals", field, values: [value], isNegated: false }],
    limit: 500,
  });
  return rows.toReversed();
}

/** Bucket widths a person expects on a time axis. */
const NICE_MS = [
  1, 5, 10, 50, 100, 500, 1e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 9e5, 18e5, 36e5, 108e5, 216e5, 432e5, 864e5, 6048e5,
];

function niceBucket(wantedMs: number): number {
  return NICE_MS.find((nice) => nice >= wantedMs) ?? Math.ceil(wantedMs / 864e5) * 864e5;
}

function mergeBuckets(rows: readonly HistogramRow[]): HistogramResponse["buckets"] {
  const merged = new Map<number, { time: string; counts: Partial<Record<SourceName, number>>; errors: number }>();
  for (const row of rows) {
    const bucket = merged.get(row.bucket) ?? { time: new Date(row.bucket).toISOString(), counts: {}, errors: 0 };
    bucket.counts[row.source] = row.count;
    bucket.errors += row.errors;
    merged.set(row.bucket, bucket);
  }
  return [...merged.values()].toSorted((left, right) => (left.time < right.time ? -1 : 1));
}

function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}
