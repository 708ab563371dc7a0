import { AppError } from "@fourwire/core";
import { AwsCallError, callAws } from "../receivers/aws/aws-call.ts";
import { retryCall } from "../receivers/aws/retry-call.ts";

/** Whoever ends a simulation ends the process: nothing aborts a call. */
const NEVER = new AbortController().signal;

export type Sleep = (ms: number) => Promise<void>;

export interface AwsTarget {
  /** The permission that the call needs, such as `kinesis:PutRecords`. */
  readonly action: string;
  /** Such as `stream "connect-agents"`. */
  readonly subject: string;
  /** The flag that names it. */
  readonly flag: string;
}

/** Makes a call, again where it was throttled or may pass; throws `output_failed`. */
export async function sendToAws<T>(target: AwsTarget, sleep: Sleep, send: () => Promise<T>): Promise<T> {
  const { action, subject, flag } = target;
  const call = { action, subject, configKey: "--to-aws", subjectKey: flag };
  try {
    return await retryCall({ signal: NEVER, sleep, onFailure: () => undefined }, async () =>
      callAws(call, NEVER, send),
    );
  } catch (cause) {
    if (!(cause instanceof AwsCallError)) throw cause;
    throw new AppError("output_failed", cause.message, { cause });
  }
}
