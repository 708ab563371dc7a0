import { COMMON_COLUMNS, CONTACT_RECORD_ROW_COLUMNS, type Column, type ContactRecordRow } from "@fourwire/core";
import { micros, spanCondition, type RecordAccess } from "./derived/event-reader.ts";
import { quoteName, sourceRelation, tableColumns } from "./schema.ts";

/** An agent event as it was received. */
export interface AgentEventBody {
  readonly record_id: string;
  /** Unix ms. */
  readonly event_time: number;
  readonly original_body: string;
}

export interface AgentEventPage {
  /** Unix ms; `to` excluded. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Only events after this one, in order of time and id. */
  readonly after?: { readonly event_time: number; readonly record_id: string } | undefined;
}

/** A contact record with the name of its queue. */
export interface QueueRecordRow extends ContactRecordRow {
  readonly queue_name: string | null;
}

const KEY_COLUMNS = pick(COMMON_COLUMNS, ["record_id", "event_time"]);

const BODY_COLUMNS = pick(COMMON_COLUMNS, ["record_id", "event_time", "original_body"]);

const RECORD_COLUMNS = pick(tableColumns("contact_record"), [...CONTACT_RECORD_ROW_COLUMNS, "queue_name"]);

const EVENT_TIME = pick(COMMON_COLUMNS, ["event_time"]);

/** Reads what is handed on to workforce management tools. */
export class WfmReader {
  readonly #access: RecordAccess;

  constructor(access: RecordAccess) {
    this.#access = access;
  }

  /**
   * The next agent events of a span, in order of time and id. Two steps, because the bodies are most of the bytes: where
   * the page ends is found from the times alone, then only what lies before that is read.
   */
  agentEventBodies(page: AgentEventPage): Promise<readonly AgentEventBody[]> {
    return this.#access.manifest.readSettled(() => this.#readBodies(page));
  }

  async #readBodies(page: AgentEventPage): Promise<readonly AgentEventBody[]> {
    const { after, limit } = page;
    const from = Math.max(page.from, after?.event_time ?? page.from);
    const instant = after === undefined ? "" : `make_timestamptz(${micros(after.event_time)}::bigint)`;
    const cursor =
      after === undefined ? "true" : `(event_time > ${instant} or (event_time = ${instant} and record_id > $id))`;
    const values: Record<string, string> = after === undefined ? {} : { id: after.record_id };
    const select = (span: { readonly from: number; readonly to: number }, list: string, columns: readonly Column[]) =>
      `select ${list} from (${this.#relation("agent_event", span, columns)}) where ${spanCondition(span)} and ${cursor}`;
    const whole = { from, to: page.to };
    const [last] = await this.#access.pool.rowsAs<{ readonly last_time: number }>(
      `${select(whole, "epoch_ms(event_time)::double as last_time", KEY_COLUMNS)} order by event_time limit 1 offset ${limit - 1}`,
      values,
    );
    const span = { from, to: last === undefined ? page.to : Math.min(page.to, last.last_time + 1) };
    return this.#access.pool.rowsAs<AgentEventBody>(
      `${select(span, "record_id, epoch_ms(event_time)::double as event_time, original_body", BODY_COLUMNS)}
       order by 2, 1 limit ${limit}`,
      values,
    );
  }

  /** Contact records of contacts that were in a queue and ended in a span, each delivery of them. */
  queueRecords(
    range: { readonly from: number; readonly to: number },
    limit: number,
  ): Promise<readonly QueueRecordRow[]> {
    // the record of a contact that ended stands at the instant of its end
    const span = range;
    const ended = `disconnect_time >= make_timestamptz(${micros(range.from)}::bigint) and disconnect_time < make_timestamptz(${micros(range.to)}::bigint)`;
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<QueueRecordRow>(
        `select ${RECORD_COLUMNS.map(plain).join(", ")}
         from (${this.#relation("contact_record", span, [...RECORD_COLUMNS, ...EVENT_TIME])})
         where ${spanCondition(span)} and ${ended} and enqueue_time is not null
         order by record_id limit ${limit}`,
      ),
    );
  }

  #relation(
    source: "agent_event" | "contact_record",
    span: { readonly from: number; readonly to: number },
    columns: readonly Column[],
  ): string {
    const { manifest } = this.#access;
    const paths = manifest.filesBetween(source, span.from, span.to).map((file) => manifest.absolutePath(file));
    return sourceRelation(source, paths, columns);
  }
}

function pick(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  return columns.filter((column) => names.includes(column.name));
}

/** Numbers as doubles: node-api makes a BigInt of every integer and instant. */
function plain(column: Column): string {
  const name = quoteName(column.name);
  if (column.type === "timestamp") return `epoch_ms(${name})::double as ${name}`;
  return column.type === "integer" ? `${name}::double as ${name}` : name;
}
