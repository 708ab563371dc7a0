import type { JsonValue } from "../../json.ts";
import { isObject, textAt } from "../../json.ts";

/** An exception of a log entry in one form. */
export interface LoggedException {
  readonly type: string | undefined;
  readonly message: string | undefined;
  /** What has no column: the stack, or the whole value where it has no known shape. */
  readonly rest: JsonValue | undefined;
}

const NONE: LoggedException = { type: undefined, message: undefined, rest: undefined };

/**
 * Three shapes come from the library: a real Error (`type` is its name); an AWS error (`type` is "[object Object]", its
 * name is the stack's first line); a thrown string (`type` is "[object String]", no message, the wording is only in the
 * entry's text). Hand-edited files have a plain string.
 */
export function readException(value: JsonValue | undefined): LoggedException {
  if (value === undefined || value === null || value === "") return NONE;
  if (typeof value === "string") return { type: undefined, message: value, rest: undefined };
  if (!isObject(value)) return { type: undefined, message: undefined, rest: value };
  const stack = value.stack ?? undefined;
  const isEmpty = stack === undefined || stack === "" || (Array.isArray(stack) && stack.length === 0);
  return {
    type: exceptionType(textAt(value, "type"), Array.isArray(stack) ? stack[0] : undefined),
    message: textAt(value, "message"),
    rest: isEmpty ? undefined : { stack },
  };
}

const ERROR_NAME = /^[A-Za-z][\w.]*$/;

function exceptionType(type: string | undefined, firstLine: JsonValue | undefined): string | undefined {
  const isUnnamed = type === undefined || type === "[object Object]";
  return isUnnamed && typeof firstLine === "string" && ERROR_NAME.test(firstLine) ? firstLine : type;
}
