import type { DuckDBConnection } from "@duckdb/node-api";
import {
  isObject,
  SOURCES,
  unixMillis,
  type ContactReference,
  type ContactReferences,
  type JsonValue,
  type RecordedLink,
  type SourceName,
  type UnixMillis,
} from "@fourwire/core";
import { markEventDays } from "./derived/day-marks.ts";
import { upsertAgents, upsertContacts, upsertNamedContacts } from "./relation-tables.ts";

/** References and links written in one statement. */
const PIECE_SIZE = 4096;

/**
 * Works out again which contacts and agents the rows of a relation name, and which contacts name each other: all of it
 * follows from the records, as they were received. Marks the days of agents, whose tables may lack them.
 */
export async function relateAgain(
  connections: { readonly connection: DuckDBConnection; readonly readConnection: DuckDBConnection },
  source: SourceName,
  relation: string,
): Promise<void> {
  const { connection } = connections;
  await upsertContacts(connection, relation);
  await upsertAgents(connection, relation);
  if (source === "agent_event") await markEventDays(connection, relation);
  if (SOURCES[source].refer === undefined) return;
  const result = await connections.readConnection.stream(
    `select record_id, epoch_ms(event_time)::double, contact_id, original_body from ${relation}`,
  );
  let named = new NamedPiece();
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const [id, time, contactId, body] of chunk.getRows()) {
      const references = referencesOf(source, String(body));
      if (references !== undefined)
        named.add(references, { recordId: String(id), time: unixMillis(Number(time)), contactId });
    }
    if (named.references.length + named.links.length < PIECE_SIZE) continue;
    await upsertNamedContacts(connection, named);
    named = new NamedPiece();
  }
  await upsertNamedContacts(connection, named);
}

/** What some records name. */
class NamedPiece {
  readonly references: ContactReference[] = [];
  readonly links: RecordedLink[] = [];

  add(
    named: ContactReferences,
    record: { readonly recordId: string; readonly time: UnixMillis; readonly contactId: unknown },
  ): void {
    for (const other of named.contactIds)
      if (other !== record.contactId) this.references.push({ contact_id: other, event_time: record.time });
    for (const link of named.links) this.links.push({ ...link, record_id: record.recordId });
  }
}

/** Undefined where the body is no JSON any more, as a redacted one may not be. */
function referencesOf(source: SourceName, body: string): ContactReferences | undefined {
  const value = parse(body);
  if (!isObject(value)) return undefined;
  const definition = SOURCES[source];
  const decoded = definition.decode({ value, body, carrier: undefined });
  return decoded.ok ? definition.refer?.(decoded.value) : undefined;
}

/** Values of JSON are JSON values; the compiler cannot know. */
function parse(body: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(body);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
