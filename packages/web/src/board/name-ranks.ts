const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

/**
 * The place of each name in the alphabet of the reader's language. Comparing by language is slow, and the names on a
 * board are the same from second to second: they are sorted once, and again when one is new.
 */
export class NameRanks {
  #ranks = new Map<string, number>();

  /** Numbers that sort like the names; equal names have the same. */
  rank(names: readonly string[]): ReadonlyMap<string, number> {
    if (names.some((name) => !this.#ranks.has(name))) {
      const sorted = [...new Set(names)].sort(collator.compare);
      this.#ranks = new Map(sorted.map((name, index) => [name, index]));
    }
    return this.#ranks;
  }
}
