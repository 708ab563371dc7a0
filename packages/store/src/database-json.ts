/** JSON that DuckDB reads: it refuses half a character, which an id cut inside an emoji ends with. */
export function jsonForDatabase(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  if (!json.includes("\\ud")) return json;
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === "string" ? value.replaceAll(/\p{Surrogate}/gu, "\ufffd") : value,
  );
}
