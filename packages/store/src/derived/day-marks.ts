import type { DuckDBConnection } from "@duckdb/node-api";
import { OFFER_EVIDENCE_MS, type SourceName } from "@fourwire/core";

/** Rows that were stored just now, in the same transaction. */
export interface StoredRows {
  readonly source: SourceName;
  /** SQL relation over the new rows. */
  readonly rows: string;
  readonly minTime: number;
  readonly maxTime: number;
}

/** A contact's events and record come within its life, which is this long at most for what is matched late. */
const CONTACT_EVIDENCE_MS = 86_400_000;

/**
 * Notes which days of which agents the new rows touch. Runs in the transaction that stores them: there is never a stored
 * row that a derived table lacks without a mark that says so.
 */
export async function markDays(connection: DuckDBConnection, stored: StoredRows): Promise<void> {
  if (stored.source === "agent_event") return markEventDays(connection, stored.rows);
  const match = evidenceMatch(stored.source);
  if (match !== undefined) await markOfferDays(connection, stored, match);
}

/** How rows of a source are found to be evidence about an offer; undefined: they are none. */
export interface EvidenceMatch {
  readonly column: "agent_id" | "contact_id";
  readonly slackMs: number;
}

export function evidenceMatch(source: SourceName): EvidenceMatch | undefined {
  switch (source) {
    case "ccp_log":
      return { column: "agent_id", slackMs: OFFER_EVIDENCE_MS };
    case "contact_event":
    case "contact_record":
      return { column: "contact_id", slackMs: CONTACT_EVIDENCE_MS };
    case "agent_event":
    case "flow_log":
    case "cloudtrail":
      return undefined;
  }
}

/** The days of the agents that the rows of `agent_event` name. */
export async function markEventDays(connection: DuckDBConnection, rows: string): Promise<void> {
  await connection.run(
    `insert into derived.day_mark (agent_id, event_date, marked_time)
     select agent_id, event_time::date, now() from ${rows} where agent_id is not null group by all`,
  );
  await insertStreams(connection, rows);
}

/** Notes the ids of agents that are not known yet. */
export async function insertStreams(connection: DuckDBConnection, rows: string): Promise<void> {
  await connection.run(
    `insert into derived.agent_stream (agent_id, agent_username, instance_id, region)
     select agent_id, arg_max(agent_username, event_time), any_value(instance_id), any_value(region)
     from ${rows} where agent_id is not null and agent_username is not null
       and agent_id not in (select agent_id from derived.agent_stream) group by agent_id`,
  );
}

/** Offers that went unanswered between two instants, SQL expressions of microseconds. */
export function offersBetween(from: string, to: string): string {
  return `(select agent_id, contact_id, event_date, offered_time, coalesce(end_time, offered_time) as last_time
    from derived.agent_offer where outcome is distinct from 'answered'
      and offered_time between make_timestamptz(${from}::bigint) and make_timestamptz(${to}::bigint))`;
}

/** Evidence matters only where an offer went unanswered; those are few, so they are looked up before the rows are. */
export async function markOfferDays(
  connection: DuckDBConnection,
  stored: StoredRows,
  match: EvidenceMatch,
): Promise<void> {
  const micros = [stored.minTime - match.slackMs, stored.maxTime + match.slackMs].map(
    (time) => Math.trunc(time) * 1000,
  );
  const offers = offersBetween(String(micros[0]), String(micros[1]));
  const found = await connection.runAndReadAll(`select 1 from ${offers} limit 1`);
  if (found.currentRowCount === 0) return;
  await connection.run(
    `insert into derived.day_mark (agent_id, event_date, marked_time)
     select o.agent_id, o.event_date, now() from ${offers} o join ${stored.rows} r on r.${match.column} = o.${match.column}
     where r.event_time between o.offered_time - to_milliseconds(${match.slackMs}) and o.last_time + to_milliseconds(${match.slackMs})
     group by all`,
  );
}
