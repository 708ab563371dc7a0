import { AwsCallError } from "./aws-call.ts";
import type { AwsFailureKind } from "./aws-failure.ts";
import { BackOff } from "./back-off.ts";

/** Attempts of one call before the turn that needs it fails; with the back-off some minutes. */
const MAX_ATTEMPTS = 8;

export interface RetryParts {
  readonly signal: AbortSignal;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (kind: AwsFailureKind, detail: string) => void;
}

/**
 * Makes a call again where it was throttled or may pass, so that reading goes on from the same page: a reader that
 * began its window again after each throttled call would never get to the end of a large one.
 */
export async function retryCall<T>(parts: RetryParts, send: () => Promise<T>): Promise<T> {
  const backOff = new BackOff();
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      parts.signal.throwIfAborted();
      if (!(error instanceof AwsCallError) || attempt === MAX_ATTEMPTS) throw error;
      const { kind } = error.failure;
      if (kind !== "throttled" && kind !== "transient") throw error;
      parts.onFailure(kind, error.message);
      await parts.sleep(backOff.next(kind), parts.signal);
      parts.signal.throwIfAborted();
    }
  }
}
