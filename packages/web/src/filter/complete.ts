import { writeTerm } from "./terms.ts";

export interface Completion {
  /** Where the word begins and ends that an option takes the place of. */
  readonly start: number;
  readonly end: number;
  readonly options: readonly string[];
}

/** The most frequent values of each field, as observed. */
export type KnownValues = ReadonlyMap<string, readonly string[]>;

const MOST_OPTIONS = 8;

/** What could be meant by the word before the caret: a field's name, or one of the field's observed values. */
export function complete(filter: string, caret: number, known: KnownValues): Completion | undefined {
  const start = wordStart(filter, caret);
  const word = filter.slice(start, caret);
  const sign = word.startsWith("-") ? "-" : "";
  const bare = word.slice(sign.length);
  const colon = bare.indexOf(":");
  if (bare === "") return undefined;
  const options =
    colon < 0
      ? [...known.keys()].filter((field) => field.startsWith(bare.toLowerCase())).map((field) => `${sign}${field}:`)
      : valueOptions(bare.slice(0, colon), bare.slice(colon + 1), known).map((option) => `${sign}${option} `);
  const useful = options.filter((option) => option.trim() !== word).slice(0, MOST_OPTIONS);
  return useful.length === 0 ? undefined : { start, end: caret, options: useful };
}

function valueOptions(field: string, typed: string, known: KnownValues): readonly string[] {
  const wanted = typed.replace(/^"/, "").toLowerCase();
  const values = known.get(field) ?? [];
  return values.filter((value) => value.toLowerCase().includes(wanted)).map((value) => writeTerm(field, [value]));
}

function wordStart(filter: string, caret: number): number {
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < caret; index += 1) {
    if (filter.charAt(index) === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(filter.charAt(index))) start = index + 1;
  }
  return start;
}
