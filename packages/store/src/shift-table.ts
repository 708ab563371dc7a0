import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadPool } from "./read-pool.ts";
import { inTransaction } from "./roll-back.ts";

/** A planned activity of one agent. Instants are Unix ms. */
export interface ShiftRow {
  readonly shift_id: string;
  /** As the file names the agent. */
  readonly agent: string;
  readonly start_time: number;
  readonly end_time: number;
  readonly activity_name: string;
  readonly is_productive: boolean;
  readonly statuses: readonly string[];
  readonly start_early_ms: number;
  readonly start_late_ms: number;
  readonly end_early_ms: number;
  readonly end_late_ms: number;
  readonly origin: string;
}

/** A stored shift with who it is for. */
export interface StoredShift extends ShiftRow {
  /** Null while no record has told. */
  readonly agent_id: string | null;
}

export interface ShiftRange {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
  /** Ids, login names or ARNs; undefined: everybody's. */
  readonly agents?: readonly string[] | undefined;
}

/** Statement that makes the table. */
export const SHIFT_TABLE = `create table if not exists store.shift (
  shift_id varchar not null,
  agent varchar not null,
  start_time timestamptz not null,
  end_time timestamptz not null,
  activity_name varchar not null,
  is_productive boolean not null,
  statuses varchar not null,
  start_early_ms bigint not null,
  start_late_ms bigint not null,
  end_early_ms bigint not null,
  end_late_ms bigint not null,
  origin varchar not null
)`;

const ROW_TYPE = `[{"shift_id":"varchar","agent":"varchar","start_time":"bigint","end_time":"bigint","activity_name":"varchar",
  "is_productive":"boolean","statuses":"json","start_early_ms":"bigint","start_late_ms":"bigint","end_early_ms":"bigint",
  "end_late_ms":"bigint","origin":"varchar"}]`;

/** The plan: who should do what, when. */
export class Shifts {
  readonly #pool: ReadPool;
  readonly #run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;

  /** `run` gives the work a connection while no commit runs. */
  constructor(pool: ReadPool, run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>) {
    this.#pool = pool;
    this.#run = run;
  }

  /** Puts these in place of everything from the same origin; returns how many those were. */
  replace(origin: string, rows: readonly ShiftRow[]): Promise<number> {
    return this.#run((connection) =>
      inTransaction(connection, async () => {
        const removed = await connection.run("delete from store.shift where origin = $origin", { origin });
        await connection.run(
          `insert into store.shift
           select s.shift_id, s.agent, make_timestamptz(s.start_time * 1000), make_timestamptz(s.end_time * 1000), s.activity_name,
             s.is_productive, s.statuses::varchar, s.start_early_ms, s.start_late_ms, s.end_early_ms, s.end_late_ms, s.origin
           from (select unnest(from_json($rows, '${ROW_TYPE}')) as s)`,
          { rows: JSON.stringify(rows) },
        );
        return removed.rowsChanged;
      }),
    );
  }

  /** Removes the shifts of an origin, or one shift; returns how many there were. */
  remove(what: { readonly origin?: string | undefined; readonly shiftId?: string | undefined }): Promise<number> {
    return this.#run(async (connection) => {
      const removed = await connection.run(
        "delete from store.shift where ($origin is not null and origin = $origin) or ($id is not null and shift_id = $id)",
        { origin: what.origin ?? null, id: what.shiftId ?? null },
      );
      return removed.rowsChanged;
    });
  }

  /** Shifts that touch the range, by start; at most `limit`. */
  async list(range: ShiftRange, limit: number): Promise<readonly StoredShift[]> {
    const rows = await this.#pool.rowsAs<Omit<StoredShift, "statuses"> & { readonly statuses: string }>(
      `select s.shift_id, s.agent, i.agent_id, epoch_ms(s.start_time)::double as start_time, epoch_ms(s.end_time)::double as end_time,
         s.activity_name, s.is_productive, s.statuses, s.start_early_ms, s.start_late_ms, s.end_early_ms, s.end_late_ms, s.origin
       from store.shift s
       left join (
         select agent_id, name from (
           select agent_id, agent_id as name, last_event_time from store.agent_identity_now
           union all select agent_id, lower(agent_username), last_event_time from store.agent_identity_now where agent_username is not null
         ) qualify row_number() over (partition by name order by last_event_time desc, agent_id) = 1
       ) i on i.name = s.agent or i.name = lower(s.agent)
       where s.end_time > make_timestamptz($from::bigint) and s.start_time < make_timestamptz($to::bigint)
         and ($agents is null or s.agent in (from (select unnest(from_json($agents, '["varchar"]'))))
           or i.agent_id in (from (select unnest(from_json($agents, '["varchar"]')))))
       order by s.start_time, s.agent, s.shift_id limit ${limit}`,
      {
        from: String(Math.trunc(range.from) * 1000),
        to: String(Math.trunc(range.to) * 1000),
        agents: range.agents === undefined ? null : JSON.stringify(range.agents),
      },
    );
    return rows.map((row) => ({ ...row, statuses: listOf(row.statuses) }));
  }
}

function listOf(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
}
