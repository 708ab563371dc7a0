const INDENT = "  ";

/**
 * Lays JSON text out over lines; undefined when it is not JSON. Works on the text, not on parsed values, so that long
 * numbers, repeated keys and escapes stay as they were written.
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let result = "";
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      const isEmpty = next === "}" || next === "]";
      depth += 1;
      result += isEmpty ? token : token + newline(depth);
    } else if (token === "}" || token === "]") {
      const previous = tokens[index - 1];
      depth -= 1;
      result += previous === "{" || previous === "[" ? token : newline(depth) + token;
    } else {
      result += token === "," ? `,${newline(depth)}` : token === ":" ? ": " : token;
    }
  }
  return result;
}

function newline(depth: number): string {
  return `\n${INDENT.repeat(depth)}`;
}
