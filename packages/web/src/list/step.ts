export interface Step<T> {
  readonly items: readonly T[];
  /** Index to start from; -1 for none. */
  readonly from: number;
  readonly direction: 1 | -1;
}

/** The next index in the direction whose item matches, going round the end once; -1 when none does. */
export function findNext<T>({ items, from, direction }: Step<T>, isMatch: (item: T) => boolean): number {
  const start = from === -1 && direction === -1 ? items.length : from;
  for (let distance = 1; distance <= items.length; distance += 1) {
    const index = (((start + distance * direction) % items.length) + items.length) % items.length;
    const item = items[index];
    if (item !== undefined && isMatch(item)) return index;
  }
  return -1;
}

/** The neighbouring index, stopping at the ends. */
export function moveIndex(count: number, from: number, by: number): number {
  if (count === 0) return -1;
  if (from === -1) return by > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, from + by));
}
