const MAX_WIDTH = 60;

/** Rows under their headings in aligned columns, numbers to the right. */
export function formatTable(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const texts = rows.map((row) => row.map(cellText));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...texts.slice(0, 1000).map((row) => row[index]?.length ?? 0)),
  );
  const isNumber = names.map(
    (_, index) => rows.length > 0 && rows.every((row) => row[index] === null || typeof row[index] === "number"),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        isNumber[index] === true ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return `${[line(names), rule, ...texts.map(line), `(${rows.length} ${rows.length === 1 ? "row" : "rows"})`].join("\n")}\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/g, " ");
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text;
}
