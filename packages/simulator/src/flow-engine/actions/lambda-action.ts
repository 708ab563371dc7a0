import { isObject, type JsonObject, type JsonValue } from "@fourwire/core";
import {
  failed,
  log,
  NEXT,
  parameterText,
  parameterTexts,
  pause,
  secondsParameterMs,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import type { LambdaAnswer } from "../flow-host.ts";
import { textOf } from "../reference.ts";

export const LAMBDA_ACTIONS: readonly (readonly [string, Executor])[] = [["InvokeLambdaFunction", invokeLambda]];

const MODULE_TYPE = "InvokeExternalResource";
/** Connect's limits. https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html (read 2026-11-25) */
const DEFAULT_LIMIT_MS = 3_000;
const MOST_LIMIT_MS = 8_000;
/** Lambda blocks one after another, with nothing said between them, have this long together. */
const SEQUENCE_LIMIT_MS = 20_000;
/** Throttling and service failures are tried this often within the limit. */
const ATTEMPTS = 3;
const RESPONSE_LIMIT = 32_768;
const ASYNCHRONOUS_MS = { least: 12, most: 45 } as const;

/** What the log says of whatever went wrong; only missing permission is told apart. */
const GENERIC_ERROR = "The Lambda Function Returned An Error.";
const ACCESS_ERROR = "Status Code: 403; Error Code: AccessDeniedException";

/** How the call ended. */
type Call =
  | { readonly kind: "returned"; readonly value: JsonValue }
  | { readonly kind: "failed"; readonly results: string };

/** An entry with the function and its parameters, an exit that repeats them with the result. */
function* invokeLambda(block: Block): Steps<BlockEnd> {
  const { run } = block;
  const functionArn = parameterText(block, "LambdaFunctionARN") ?? "";
  const isJson = parameterTexts(block, "ResponseValidation")["ResponseType"] === "JSON";
  const limitMs = limitOf(block);
  const attributes = parameterTexts(block, "LambdaInvocationAttributes");
  const parameters: JsonObject = {
    FunctionArn: functionArn,
    TimeLimit: String(limitMs),
    ResponseValidation: `ResponseType=${isJson ? "JSON" : "STRING_MAP"}`,
    ...(Object.keys(attributes).length === 0 ? {} : { Parameters: attributes }),
  };
  yield* log(block, { moduleType: MODULE_TYPE, parameters });
  yield { kind: "invoke_lambda", functionArn };
  const isAsynchronous = parameterText(block, "InvocationType") === "ASYNCHRONOUS";
  if (isAsynchronous) {
    run.host.invokeLambda({ contact: run.contact, functionArn, parameters: attributes, isAsynchronous, attempt: 1 });
    yield* pause(run, run.random.integer(ASYNCHRONOUS_MS.least, ASYNCHRONOUS_MS.most), "lambda");
    return NEXT;
  }
  const call = yield* callFunction(block, { functionArn, attributes, limitMs, isJson });
  if (call.kind === "failed") {
    yield* log(block, { moduleType: MODULE_TYPE, parameters, results: call.results, isResultFirst: true });
    return failed();
  }
  block.frame.external = call.value;
  yield* log(block, { moduleType: MODULE_TYPE, parameters, externalResults: call.value });
  return NEXT;
}

interface FunctionCall {
  readonly functionArn: string;
  readonly attributes: JsonObject;
  readonly limitMs: number;
  readonly isJson: boolean;
}

function* callFunction(block: Block, call: FunctionCall): Steps<Call> {
  const { run } = block;
  // a sequence of functions without a word to the customer ends at 20 s, whatever each may take
  let leftMs = Math.min(call.limitMs, SEQUENCE_LIMIT_MS - run.lambdaMs);
  if (call.functionArn === "" || leftMs <= 0) return { kind: "failed", results: GENERIC_ERROR };
  for (let attempt = 1; ; attempt += 1) {
    const answer = run.host.invokeLambda({
      contact: run.contact,
      functionArn: call.functionArn,
      parameters: call.attributes,
      isAsynchronous: false,
      attempt,
    });
    const tookMs = Math.min(Math.max(0, answer.tookMs), leftMs);
    run.lambdaMs += tookMs;
    yield* pause(run, tookMs, "lambda");
    if (answer.tookMs > leftMs) return { kind: "failed", results: GENERIC_ERROR };
    leftMs -= tookMs;
    if (answer.kind === "returned") return validate(answer.value, call.isJson);
    if (!isRetried(answer) || attempt === ATTEMPTS || leftMs <= 0)
      return { kind: "failed", results: errorText(answer) };
  }
}

function limitOf(block: Block): number {
  const limitMs = secondsParameterMs(block, "InvocationTimeLimitSeconds") ?? DEFAULT_LIMIT_MS;
  return limitMs > 0 ? Math.min(limitMs, MOST_LIMIT_MS) : DEFAULT_LIMIT_MS;
}

function isRetried(answer: LambdaAnswer & { kind: "failed" }): boolean {
  return answer.reason === "throttled" || answer.reason === "service_failure";
}

function errorText(answer: LambdaAnswer & { kind: "failed" }): string {
  return answer.reason === "access_denied" ? ACCESS_ERROR : GENERIC_ERROR;
}

/** STRING_MAP wants a flat object; numbers and booleans in it are taken as texts. JSON takes anything up to 32 KB. */
function validate(value: JsonValue, isJson: boolean): Call {
  const refused: Call = { kind: "failed", results: GENERIC_ERROR };
  if (JSON.stringify(value).length > RESPONSE_LIMIT) return refused;
  if (isJson) return { kind: "returned", value };
  if (!isObject(value)) return refused;
  const entries = Object.entries(value);
  if (entries.some(([, field]) => typeof field === "object" && field !== null)) return refused;
  return {
    kind: "returned",
    value: Object.fromEntries(entries.map(([key, field]) => [key, textOf(field)])),
  };
}
