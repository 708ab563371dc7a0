import type { AwsFailureKind } from "./aws-failure.ts";

/** First and longest wait, by what failed. What needs a person is asked for again slowly, not given up. */
const WAIT_MS: Readonly<Record<AwsFailureKind, { readonly first: number; readonly most: number }>> = {
  throttled: { first: 1_000, most: 30_000 },
  transient: { first: 500, most: 60_000 },
  denied: { first: 10_000, most: 60_000 },
  missing: { first: 10_000, most: 60_000 },
  refused: { first: 10_000, most: 60_000 },
};

/** How long to wait before the next attempt: doubling while it keeps failing, between half and all of it by chance. */
export class BackOff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** Milliseconds to wait after one more failure. */
  next(kind: AwsFailureKind): number {
    const { first, most } = WAIT_MS[kind];
    const full = Math.min(most, first * 2 ** Math.min(this.#failures, 16));
    this.#failures++;
    return Math.round(full * (0.5 + 0.5 * this.#random()));
  }

  /** Something worked: the next failure is the first again. */
  reset(): void {
    this.#failures = 0;
  }
}
