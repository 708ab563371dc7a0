import { COMMON_COLUMNS, type FacetsResponse } from "@fourwire/core";
import type { KnownValues } from "../filter/complete.ts";

/** Fields the filter knows that are not what a person filters by text. */
const NOT_OFFERED: ReadonlySet<string> = new Set([
  "original_body",
  "attributes",
  "event_time",
  "observed_time",
  "ingested_time",
  "schema_version",
]);

/** Field names with the values the facets saw, to complete a filter from. */
export function knownValues(facets: FacetsResponse | undefined): KnownValues {
  const known = new Map<string, readonly string[]>([
    ["severity", ["critical", "error", "warn", "notice", "info", "debug"]],
  ]);
  for (const column of COMMON_COLUMNS) {
    if (!NOT_OFFERED.has(column.name)) known.set(column.name, []);
  }
  for (const facet of facets?.facets ?? [])
    known.set(
      facet.field,
      facet.values.map((value) => value.value),
    );
  return known;
}
