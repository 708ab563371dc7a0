import { classifyAwsError, describeAwsFailure, type AwsCall, type AwsFailure } from "./aws-failure.ts";

/** A call of an AWS client that failed, told by what it was for. */
export class AwsCallError extends Error {
  readonly failure: AwsFailure;

  constructor(failure: AwsFailure, call: AwsCall, cause: unknown) {
    super(describeAwsFailure(failure, call), { cause });
    this.name = "AwsCallError";
    this.failure = failure;
  }
}

/** Makes a call; throws `AwsCallError`, or the signal's reason when it was aborted. */
export async function callAws<T>(call: AwsCall, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    signal.throwIfAborted();
    throw new AwsCallError(classifyAwsError(cause), call, cause);
  }
}
