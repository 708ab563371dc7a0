const INDENT = "  ";
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const OPENING = new Set(["{", "["]);
const CLOSING = new Set(["}", "]"]);

/**
 * Lays JSON text out over lines; undefined when it is not JSON. Works on the text, not on parsed values, so that long
 * numbers, repeated keys and escapes stay as they were written.
 */
export function prettyJson(text: string): string | undefined {
  if (!isJson(text)) return undefined;
  let result = "";
  let depth = 0;
  let previous = "";
  for (const token of text.match(TOKENS) ?? []) {
    if (CLOSING.has(token)) depth -= 1;
    result += gap(previous, token, depth) + token;
    if (OPENING.has(token)) depth += 1;
    previous = token;
  }
  return result;
}

/** What stands between two tokens. */
function gap(previous: string, token: string, depth: number): string {
  if (CLOSING.has(token)) return OPENING.has(previous) ? "" : `\n${INDENT.repeat(depth)}`;
  if (OPENING.has(previous) || previous === ",") return `\n${INDENT.repeat(depth)}`;
  return previous === ":" ? " " : "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
