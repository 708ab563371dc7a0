/** The candidate with the smallest edit distance to a word. */
export function closest(word: string, candidates: readonly string[]): string {
  return candidates.reduce(
    (best, candidate) => (editDistance(word, candidate) < editDistance(word, best) ? candidate : best),
    candidates[0] ?? "",
  );
}

function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + cost));
    }
    row = next;
  }
  return row[right.length] as number;
}
