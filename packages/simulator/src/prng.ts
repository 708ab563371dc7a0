/**
 * A seeded source of random draws. Everything that varies in a simulation comes from one of these, in a fixed order,
 * so that the same seed gives the same bytes on any machine.
 */
export interface Random {
  /** In [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  integer(least: number, most: number): number;
  /** Exponentially distributed, rounded to a whole number of at least 1. */
  exponential(mean: number): number;
  pick<T>(choices: readonly T[]): T;
  /** A version 4 UUID. */
  uuid(): string;
  token(alphabet: string, length: number): string;
}

export const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
/** The alphabet of AWS access key and role ids. */
export const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const WARM_UP_ROUNDS = 12;

export function createRandom(seed: number): Random {
  const word = sfc32(seed);
  const next = () => word() / 4_294_967_296;
  const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    exponential: (mean) => Math.max(1, Math.round(-Math.log(1 - next()) * mean)),
    pick: (choices) => pickFrom(choices, integer),
    uuid: () => uuidOf(word(), word(), word(), word()),
    token: (alphabet, length) => {
      let text = "";
      for (let i = 0; i < length; i += 1) text += alphabet[integer(0, alphabet.length - 1)] ?? "";
      return text;
    },
  };
}

function pickFrom<T>(choices: readonly T[], integer: (least: number, most: number) => number): T {
  const choice = choices[integer(0, choices.length - 1)];
  if (choice === undefined) throw new RangeError("cannot pick from an empty list");
  return choice;
}

/** Chris Doty-Humphrey's Small Fast Counting generator: 32-bit words. https://pracrand.sourceforge.net (read 2026-11-21) */
function sfc32(seed: number): () => number {
  let a = 0x9e3779b9 ^ seed;
  let b = 0x243f6a88 ^ Math.imul(seed, 0x85ebca6b);
  let c = 0xb7e15162;
  let counter = 1;
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) word();
  return word;
}

function uuidOf(w0: number, w1: number, w2: number, w3: number): string {
  const versioned = (w1 & 0xffff0fff) | 0x4000;
  const varied = (w2 & 0x3fffffff) | 0x80000000;
  return `${hex(w0)}-${half(versioned >>> 16)}-${half(versioned)}-${half(varied >>> 16)}-${half(varied)}${hex(w3)}`;
}

function hex(word: number): string {
  return half(word >>> 16) + half(word);
}

function half(word: number): string {
  return (HEX[(word >>> 8) & 255] ?? "") + (HEX[word & 255] ?? "");
}
