import { unixMillis, type AgentEventRow } from "@fourwire/core";
import type { ColumnChunk, ColumnValues } from "../column-reader.ts";

// An agent's snapshots repeat: who the agent is, is the same for hours, and the contacts before an event are those after
// the event before. DuckDB compares each with the row before and gives null where it is the same, so that it is read once.

/** Columns that say who the agent is, read together where any of them changes. */
const WHO_COLUMNS = [
  "agent_id",
  "agent_username",
  "instance_id",
  "region",
  "first_name",
  "last_name",
  "routing_profile_id",
  "routing_profile_name",
  "hierarchy_level_1",
  "hierarchy_level_2",
  "hierarchy_level_3",
  "hierarchy_level_4",
  "hierarchy_level_5",
  "current_region",
  "configured_regions",
] as const satisfies readonly (keyof AgentEventRow)[];

const TEXT_COLUMNS = [
  "record_id",
  "event_type",
  "status_name",
  "status_type",
  "previous_status_name",
  "previous_status_type",
  "next_status_name",
  "previous_next_status_name",
  "time_precision",
  "contacts",
] as const satisfies readonly (keyof AgentEventRow)[];

const TIME_COLUMNS = [
  "event_time",
  "status_start_time",
  "previous_status_start_time",
  "next_status_enqueued_time",
] as const satisfies readonly (keyof AgentEventRow)[];

const FLAG_COLUMNS = [
  "has_current_snapshot",
  "has_previous_snapshot",
] as const satisfies readonly (keyof AgentEventRow)[];

const WHO = `row(${WHO_COLUMNS.join(", ")})`;
const IS_SAME_WHO = `(${WHO} is not distinct from lag(${WHO}) over agent)`;
const IS_SAME_SLOTS = "(slots is not distinct from lag(slots) over agent)";
const IS_SAME_CONTACTS = "(previous_contacts is not distinct from lag(contacts) over agent)";
/** The first row of an agent has nothing before it. */
const IS_FIRST = "(lag(event_time) over agent is null)";

/** Select list for `EventRows`, without names, which `order by` would take for the columns; needs a window `agent` in the order of the rows, which have to be ordered by agent first. */
export const EVENT_SELECT = [
  ...TEXT_COLUMNS,
  ...TIME_COLUMNS.map((name) => `epoch_ms(${name})::double`),
  ...FLAG_COLUMNS,
  `${IS_SAME_WHO} and not ${IS_FIRST}`,
  ...WHO_COLUMNS.map((name) => `case when ${IS_SAME_WHO} and not ${IS_FIRST} then null else ${name} end`),
  `${IS_SAME_SLOTS} and not ${IS_FIRST}`,
  `case when ${IS_SAME_SLOTS} and not ${IS_FIRST} then null else slots end`,
  `${IS_SAME_CONTACTS} and not ${IS_FIRST}`,
  `case when ${IS_SAME_CONTACTS} and not ${IS_FIRST} then null else previous_contacts end`,
].join(", ");

type Who = Pick<AgentEventRow, (typeof WHO_COLUMNS)[number]>;

/** Makes rows of the chunks of `EVENT_SELECT`, in their order. */
export class EventRows {
  readonly all: AgentEventRow[] = [];
  #who: Who | undefined;

  take(chunk: ColumnChunk): void {
    const columns = new EventColumns(chunk);
    for (let row = 0; row < chunk.rowCount; row++) {
      const before = this.all.at(-1);
      const who = columns.isSameWho(row) && this.#who !== undefined ? this.#who : columns.whoAt(row);
      this.#who = who;
      this.all.push(columns.eventAt(row, { who, before }));
    }
  }
}

/** The columns of one chunk, in the order of `EVENT_SELECT`. */
class EventColumns {
  readonly #texts: Readonly<Record<(typeof TEXT_COLUMNS)[number], ColumnValues<string>>>;
  readonly #times: Readonly<Record<(typeof TIME_COLUMNS)[number], ColumnValues<number>>>;
  readonly #flags: readonly ColumnValues<boolean>[];
  readonly #isSameWho: ColumnValues<boolean>;
  readonly #who: Readonly<Record<(typeof WHO_COLUMNS)[number], ColumnValues<string>>>;
  readonly #isSameSlots: ColumnValues<boolean>;
  readonly #slots: ColumnValues<string>;
  readonly #isSameContacts: ColumnValues<boolean>;
  readonly #previousContacts: ColumnValues<string>;

  constructor(chunk: ColumnChunk) {
    let index = 0;
    const texts = (): ColumnValues<string> => chunk.texts(index++);
    const numbers = (): ColumnValues<number> => chunk.numbers(index++);
    const booleans = (): ColumnValues<boolean> => chunk.booleans(index++);
    // in the order of the select list
    this.#texts = {
      record_id: texts(),
      event_type: texts(),
      status_name: texts(),
      status_type: texts(),
      previous_status_name: texts(),
      previous_status_type: texts(),
      next_status_name: texts(),
      previous_next_status_name: texts(),
      time_precision: texts(),
      contacts: texts(),
    };
    this.#times = {
      event_time: numbers(),
      status_start_time: numbers(),
      previous_status_start_time: numbers(),
      next_status_enqueued_time: numbers(),
    };
    this.#flags = FLAG_COLUMNS.map(booleans);
    this.#isSameWho = booleans();
    this.#who = {
      agent_id: texts(),
      agent_username: texts(),
      instance_id: texts(),
      region: texts(),
      first_name: texts(),
      last_name: texts(),
      routing_profile_id: texts(),
      routing_profile_name: texts(),
      hierarchy_level_1: texts(),
      hierarchy_level_2: texts(),
      hierarchy_level_3: texts(),
      hierarchy_level_4: texts(),
      hierarchy_level_5: texts(),
      current_region: texts(),
      configured_regions: texts(),
    };
    this.#isSameSlots = booleans();
    this.#slots = texts();
    this.#isSameContacts = booleans();
    this.#previousContacts = texts();
  }

  isSameWho(row: number): boolean {
    return this.#isSameWho[row] === true;
  }

  whoAt(row: number): Who {
    const who = this.#who;
    return {
      agent_id: who.agent_id[row] ?? "",
      agent_username: who.agent_username[row],
      instance_id: who.instance_id[row],
      region: who.region[row],
      first_name: who.first_name[row],
      last_name: who.last_name[row],
      routing_profile_id: who.routing_profile_id[row],
      routing_profile_name: who.routing_profile_name[row],
      hierarchy_level_1: who.hierarchy_level_1[row],
      hierarchy_level_2: who.hierarchy_level_2[row],
      hierarchy_level_3: who.hierarchy_level_3[row],
      hierarchy_level_4: who.hierarchy_level_4[row],
      hierarchy_level_5: who.hierarchy_level_5[row],
      current_region: who.current_region[row],
      configured_regions: who.configured_regions[row],
    };
  }

  /** `before`: the row before this one, of the same agent where anything is the same. */
  eventAt(
    row: number,
    { who, before }: { readonly who: Who; readonly before: AgentEventRow | undefined },
  ): AgentEventRow {
    const texts = this.#texts;
    const time = (name: (typeof TIME_COLUMNS)[number]) => {
      const value = this.#times[name][row];
      return value == null ? null : unixMillis(value);
    };
    return {
      record_id: texts.record_id[row] ?? "",
      event_time: time("event_time") ?? unixMillis(0),
      event_type: texts.event_type[row] ?? "",
      agent_id: who.agent_id,
      agent_username: who.agent_username,
      instance_id: who.instance_id,
      region: who.region,
      first_name: who.first_name,
      last_name: who.last_name,
      status_name: texts.status_name[row],
      status_type: texts.status_type[row],
      status_start_time: time("status_start_time"),
      previous_status_name: texts.previous_status_name[row],
      previous_status_type: texts.previous_status_type[row],
      previous_status_start_time: time("previous_status_start_time"),
      next_status_name: texts.next_status_name[row],
      next_status_enqueued_time: time("next_status_enqueued_time"),
      previous_next_status_name: texts.previous_next_status_name[row],
      routing_profile_id: who.routing_profile_id,
      routing_profile_name: who.routing_profile_name,
      hierarchy_level_1: who.hierarchy_level_1,
      hierarchy_level_2: who.hierarchy_level_2,
      hierarchy_level_3: who.hierarchy_level_3,
      hierarchy_level_4: who.hierarchy_level_4,
      hierarchy_level_5: who.hierarchy_level_5,
      contacts: texts.contacts[row],
      previous_contacts: this.#isSameContacts[row] === true ? before?.contacts : this.#previousContacts[row],
      slots: this.#isSameSlots[row] === true ? before?.slots : this.#slots[row],
      has_current_snapshot: this.#flags[0]?.[row] === true,
      has_previous_snapshot: this.#flags[1]?.[row] === true,
      time_precision: texts.time_precision[row],
      current_region: who.current_region,
      configured_regions: who.configured_regions,
    };
  }
}
