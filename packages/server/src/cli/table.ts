const MAX_WIDTH = 60;

/** Rows under their headings in aligned columns, numbers to the right; texts are cut. */
export function formatTable(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return alignedTable(names, { rows, texts: rows.map((row) => row.map((cell) => cutText(cellText(cell)))) });
}

/** The same with the texts of the last column whole, on as many lines as they take. */
export function formatWrappedTable(names: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const last = names.length - 1;
  const lines = rows.flatMap((row) =>
    wrapText(cellText(row[last])).map((part, index) => [
      ...(index === 0 ? row.slice(0, last) : row.slice(0, last).map(() => "")),
      part,
    ]),
  );
  const cut = (row: readonly unknown[]): readonly string[] =>
    row.map((cell, index) => (index === last ? cellText(cell) : cutText(cellText(cell))));
  return alignedTable(names, { rows, texts: lines.map(cut) });
}

function alignedTable(
  names: readonly string[],
  { rows, texts }: { readonly rows: readonly (readonly unknown[])[]; readonly texts: readonly (readonly string[])[] },
): string {
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
  return (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/g, " ");
}

/** Lines of whole words, as long as a cell may be; a longer word has a line of its own. */
function wrapText(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length >= MAX_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function cutText(text: string): string {
  return text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text;
}
