import type { RecordResponse } from "@fourwire/core";

export interface Field {
  readonly name: string;
  readonly text: string;
  readonly description: string;
  readonly unit: string | null;
  readonly isJson: boolean;
  /** Whether the filter knows the field: it knows the columns that all sources share (SQL knows the others). */
  readonly isFilterable: boolean;
}

export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** Shown elsewhere in the panel, or on a side of their own. */
const ELSEWHERE: ReadonlySet<string> = new Set(["original_body", "attributes", "message", "event_time"]);
/** Instants are narrowed by the time range, not by a term. */
const NOT_FILTERED: ReadonlySet<string> = new Set(["observed_time", "ingested_time", "schema_version"]);

/** The fields of a record that have a value, in the groups of the panel. */
export function listFields({ record, columns }: RecordResponse): readonly FieldGroup[] {
  const own = columns.flatMap((column): readonly Field[] => {
    const text = textOf(column.value);
    if (text === undefined) return [];
    return [{ ...column, text, isJson: column.type === "json", isFilterable: false }];
  });
  const ownNames = new Set(own.map((field) => field.name));
  const common = Object.entries(record).filter(([name]) => !ELSEWHERE.has(name) && !ownNames.has(name));
  return [
    { title: "Of this source", fields: own },
    {
      title: "Common to all sources",
      fields: common.flatMap(([name, value]) => plainField(name, value, !NOT_FILTERED.has(name))),
    },
    {
      title: "Without a column",
      fields: Object.entries(record.attributes ?? {}).flatMap(([name, value]) => plainField(name, value, false)),
    },
  ];
}

function plainField(name: string, value: unknown, isFilterable: boolean): readonly Field[] {
  const text = textOf(value);
  if (text === undefined) return [];
  return [{ name, text, description: name, unit: null, isJson: typeof value === "object", isFilterable }];
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
