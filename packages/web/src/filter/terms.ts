/** One term of the filter text, kept with the exact text it was written as. */
export interface Term {
  readonly text: string;
  /** Undefined for bare words, which match the message. */
  readonly field: string | undefined;
  readonly isExcluded: boolean;
  /** The alternatives of `field:a,b`, unquoted. */
  readonly values: readonly string[];
}

const FIELD = /^(-?)([A-Za-z_][A-Za-z0-9_.]*):(.*)$/s;

/** Cuts the filter text into terms at spaces outside quotes. The server decides what a term means. */
export function splitTerms(filter: string): readonly Term[] {
  return splitOutsideQuotes(filter, (character) => /\s/.test(character)).map(readTerm);
}

/** Adds `value` to what `field` may be: a term of its own, or one more alternative of the term that is there. */
export function includeValue(filter: string, field: string, value: string): string {
  const terms = splitTerms(filter).filter((term) => !isExactExclusion(term, field, value));
  const present = terms.find((term) => isAlternatives(term, field));
  if (present?.values.includes(value)) return joinTerms(terms);
  if (present === undefined) return joinTerms([...terms, { text: writeTerm(field, [value]) }]);
  // a list cannot hold a quoted value (core/src/filter.ts), so a value that needs quotes takes the term's place
  const isListable = [...present.values, value].every(isPlain);
  const widened = { text: writeTerm(field, isListable ? [...present.values, value] : [value]) };
  return joinTerms(terms.map((term) => (term === present ? widened : term)));
}

/** Adds a term that keeps `value` out, and takes it from the alternatives if it stood there. */
export function excludeValue(filter: string, field: string, value: string): string {
  const terms = splitTerms(removeValue(filter, field, value));
  return joinTerms([...terms, { text: `-${writeTerm(field, [value])}` }]);
}

/** Makes `value` the one value of `field`, whatever was said of the field before. */
export function onlyValue(filter: string, field: string, value: string): string {
  const others = splitTerms(filter).filter((term) => term.field !== field);
  return joinTerms([...others, { text: writeTerm(field, [value]) }]);
}

/** Takes every mention of this value of the field out again, included or excluded. */
export function removeValue(filter: string, field: string, value: string): string {
  const kept = splitTerms(filter).flatMap((term) => {
    if (term.field !== field || !term.values.includes(value)) return [term];
    const rest = term.values.filter((other) => other !== value);
    return rest.length === 0 ? [] : [{ text: `${term.isExcluded ? "-" : ""}${writeTerm(field, rest)}` }];
  });
  return joinTerms(kept);
}

/** Whether the filter names this value: included, excluded, or not at all. */
export function stateOfValue(filter: string, field: string, value: string): "included" | "excluded" | "none" {
  const term = splitTerms(filter).find((candidate) => candidate.field === field && candidate.values.includes(value));
  if (term === undefined) return "none";
  return term.isExcluded ? "excluded" : "included";
}

/** A term as text, quoted where the value would otherwise be read as more than one. Several values must all be plain. */
export function writeTerm(field: string, values: readonly string[]): string {
  return `${field}:${values.map(quote).join(",")}`;
}

function quote(value: string): string {
  return isPlain(value) ? value : `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function isPlain(value: string): boolean {
  return /^[^\s",\\]+$/.test(value) && !/^(?:[<>=]|\*$)/.test(value);
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  const inner = text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  return inner.replace(/\\(["\\])/g, "$1");
}

function readTerm(text: string): Term {
  const match = FIELD.exec(text);
  if (match === null) return { text, field: undefined, isExcluded: false, values: [] };
  const values = splitOutsideQuotes(match[3] ?? "", (character) => character === ",").map(unquote);
  return { text, field: match[2], isExcluded: match[1] === "-", values };
}

function isAlternatives(term: Term, field: string): boolean {
  // comparisons and `*` are not lists of values, so nothing can be added to them
  return term.field === field && !term.isExcluded && !/:(?:[<>=]|\*$)/.test(term.text);
}

function isExactExclusion(term: Term, field: string, value: string): boolean {
  return term.field === field && term.isExcluded && term.values.length === 1 && term.values[0] === value;
}

function joinTerms(terms: readonly { readonly text: string }[]): string {
  return terms.map((term) => term.text).join(" ");
}

function splitOutsideQuotes(text: string, isSeparator: (character: string) => boolean): string[] {
  const parts: string[] = [];
  let part = "";
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isQuoted && character === "\\") {
      part += character + text.charAt(index + 1);
      index += 1;
    } else if (!isQuoted && isSeparator(character)) {
      if (part !== "") parts.push(part);
      part = "";
    } else {
      if (character === '"') isQuoted = !isQuoted;
      part += character;
    }
  }
  return part === "" ? parts : [...parts, part];
}
