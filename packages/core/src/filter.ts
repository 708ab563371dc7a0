/**
 * The filter text of Explorer and `fourwire tail`: `field:value` terms and bare words, all of which must hold.
 *
 *   level words   severity:error            at least that severe
 *   any of        source:ccp_log,flow_log
 *   negation      -event_name:HEART_BEAT
 *   quotes        message:"two words"
 *   numbers       severity_number:>=17
 *   present       contact_id:*
 *   bare word     ICE                       in the message, whatever the case
 */
export type FilterTerm =
  | { readonly kind: "equals"; readonly field: string; readonly values: readonly string[]; readonly isNegated: boolean }
  | {
      readonly kind: "compare";
      readonly field: string;
      readonly operator: CompareOperator;
      readonly value: number;
      readonly isNegated: boolean;
    }
  | { readonly kind: "exists"; readonly field: string; readonly isNegated: boolean }
  | { readonly kind: "contains"; readonly field: string; readonly text: string; readonly isNegated: boolean };

export type CompareOperator = ">" | ">=" | "<" | "<=";

/** What can be wrong with a filter text, for the message under the box. */
export interface FilterProblem {
  readonly message: string;
  readonly position: number;
}

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly problem: FilterProblem };

/** More terms than anybody types; the bound keeps hostile input cheap. */
const MAX_TERMS = 64;
const MAX_LENGTH = 4096;

const SEVERITY_WORDS: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  critical: 21,
};

/** Fields whose comparison is by containment, not equality. */
const TEXT_FIELDS = new Set(["message", "original_body", "attributes"]);

const TERM = /(-?)(?:([A-Za-z_][A-Za-z0-9_]*):)?("(?:[^"\\]|\\.)*"?|[^\s"]+)/gy;

/** Parses a filter text against the fields that exist. Unknown fields are a problem, with the nearest right one left to the caller. */
export function parseFilter(text: string, fields: ReadonlySet<string>): ParsedFilter {
  if (text.length > MAX_LENGTH) return problem(`filter is longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const terms: FilterTerm[] = [];
  let position = 0;
  while (position < text.length) {
    if (/\s/.test(text.charAt(position))) {
      position++;
      continue;
    }
    TERM.lastIndex = position;
    const match = TERM.exec(text);
    if (match === null) return problem(`cannot read the filter at "${text.slice(position, position + 20)}"`, position);
    const term = readTerm({ sign: match[1] ?? "", field: match[2], rawValue: match[3] ?? "" }, fields);
    if (typeof term === "string") return problem(term, position);
    if (terms.length === MAX_TERMS) return problem(`filter has more than ${MAX_TERMS} terms`, position);
    terms.push(term);
    position = TERM.lastIndex;
  }
  return { ok: true, terms };
}

function problem(message: string, position: number): ParsedFilter {
  return { ok: false, problem: { message, position } };
}

interface RawTerm {
  readonly sign: string;
  readonly field: string | undefined;
  readonly rawValue: string;
}

/** The term, or what is wrong with it. */
function readTerm(raw: RawTerm, fields: ReadonlySet<string>): FilterTerm | string {
  const isNegated = raw.sign === "-";
  const isQuoted = raw.rawValue.startsWith('"');
  if (isQuoted && !/^"(?:[^"\\]|\\.)*"$/.test(raw.rawValue)) return "a quote is not closed";
  const value = isQuoted ? raw.rawValue.slice(1, -1).replaceAll(/\\(.)/g, "$1") : raw.rawValue;
  if (raw.field === undefined) return { kind: "contains", field: "message", text: value, isNegated };
  if (raw.field === "severity") return severityTerm(value, isNegated);
  if (!fields.has(raw.field)) return `unknown field "${raw.field}"`;
  const { field } = raw;
  if (isQuoted)
    return TEXT_FIELDS.has(field)
      ? { kind: "contains", field, text: value, isNegated }
      : { kind: "equals", field, values: [value], isNegated };
  return plainTerm({ field, isNegated }, value);
}

/** A term whose value is not in quotes: `*`, a comparison, a text or a list. */
function plainTerm(at: { readonly field: string; readonly isNegated: boolean }, value: string): FilterTerm {
  if (value === "*") return { kind: "exists", ...at };
  const comparison = /^(>=|<=|>|<)(-?\d+(?:\.\d+)?)$/.exec(value);
  if (comparison !== null)
    return { kind: "compare", operator: comparison[1] as CompareOperator, value: Number(comparison[2]), ...at };
  if (TEXT_FIELDS.has(at.field)) return { kind: "contains", text: value, ...at };
  return { kind: "equals", values: value.split(",").filter((part) => part !== ""), ...at };
}

function severityTerm(value: string, isNegated: boolean): FilterTerm | string {
  const number = SEVERITY_WORDS[value.toLowerCase()];
  if (number === undefined) return `unknown severity "${value}": use ${Object.keys(SEVERITY_WORDS).join(", ")}`;
  return { kind: "compare", field: "severity_number", operator: ">=", value: number, isNegated };
}

/** The fields of a record that a filter can look at. */
export type FilteredRecord = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Whether a record passes: the same meaning as the SQL the store makes of the terms, for the live tail. */
export function matchesFilter(record: FilteredRecord, terms: readonly FilterTerm[]): boolean {
  return terms.every((term) => matchesTerm(record[term.field], term) !== term.isNegated);
}

function matchesTerm(value: FilteredRecord[string], term: FilterTerm): boolean {
  if (value === undefined || value === null) return false;
  switch (term.kind) {
    case "exists":
      return true;
    case "equals":
      return term.values.includes(String(value));
    case "contains":
      return String(value).toLowerCase().includes(term.text.toLowerCase());
    case "compare":
      return compare(Number(value), term.operator, term.value);
  }
}

function compare(left: number, operator: CompareOperator, right: number): boolean {
  switch (operator) {
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
  }
}
