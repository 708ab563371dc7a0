import type { DuckDBConnection } from "@duckdb/node-api";
import { DERIVED_TABLE_NAMES } from "@fourwire/core";
import { inTransaction } from "../roll-back.ts";
import type { AgentPersons } from "./agent-persons.ts";

/**
 * Puts ids under the person they belong to. Where two ids turn out to be one person, the days of both are given up and
 * marked, to be derived together.
 */
export async function movePersons(connection: DuckDBConnection, moved: AgentPersons["moved"]): Promise<void> {
  const values = { moved: JSON.stringify(moved.map((move) => ({ ...move, from: move.from ?? "" }))) };
  const relation = `(select m.agentId as agent_id, m."from" as from_id, m."to" as to_id
    from (select unnest(from_json($moved, '[{"agentId":"varchar","from":"varchar","to":"varchar"}]')) as m))`;
  // rows stand under the old person, and under the new one if that had days of its own
  const changed = `(select from_id as person_id from ${relation} where from_id <> ''
    union select to_id from ${relation} where agent_id <> to_id)`;
  await inTransaction(connection, async () => {
    await connection.run(
      `insert into derived.day_mark (agent_id, event_date, marked_time)
       select person_id, event_date, now() from derived.agent_day where person_id in (from ${changed})`,
      values,
    );
    for (const table of [...DERIVED_TABLE_NAMES, "agent_day"])
      await connection.run(`delete from derived.${table} where person_id in (from ${changed})`, values);
    await connection.run(
      `update derived.agent_stream s set person_id = m.to_id from ${relation} m where m.agent_id = s.agent_id`,
      values,
    );
  });
}
