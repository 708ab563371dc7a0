import { AppError, parseFilter, parseInstant, type FilterTerm } from "@fourwire/core";
import { FILTER_FIELDS } from "@fourwire/store";
import type { z } from "zod";
import { closest } from "../cli/closest.ts";

/** A request's query parameters, as Fastify gives them. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>;

const DAY_MS = 86_400_000;

function single(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value.at(-1) : value;
}

export function textParameter(parameters: Parameters, name: string): string | undefined {
  const value = single(parameters, name);
  return value === "" ? undefined : value;
}

/** Every value of a parameter that may be repeated. */
export function textParameters(parameters: Parameters, name: string): readonly string[] {
  return [parameters[name] ?? []].flat().filter((text) => text !== "");
}

/** One of the words; throws `parameter_invalid` naming them. */
export function oneOfParameter<const Word extends string>(
  parameters: Parameters,
  name: string,
  words: readonly Word[],
  fallback: Word,
): Word {
  const text = textParameter(parameters, name);
  if (text === undefined) return fallback;
  const found = words.find((word) => word === text);
  if (found === undefined)
    throw new AppError("parameter_invalid", `${name} must be one of ${words.join(", ")}, not "${text}"`);
  return found;
}

/** A whole number within bounds; throws `parameter_invalid` with the bounds otherwise. */
export function integerParameter(
  parameters: Parameters,
  name: string,
  range: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const text = textParameter(parameters, name);
  if (text === undefined) return range.fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw new AppError(
      "parameter_invalid",
      `${name} must be a whole number from ${range.min} to ${range.max}, not "${text}"`,
    );
  }
  return value;
}

/** An instant as ISO 8601 with a zone, or epoch milliseconds. */
export function instantOf(text: string, name: string): number {
  const value = parseInstant(/^\d+$/.test(text) ? Number(text) : text);
  if (value === undefined) {
    throw new AppError("parameter_invalid", `${name} must be an instant such as 2026-11-20T14:03:22Z, not "${text}"`);
  }
  return value;
}

/** `from` and `to` in ms, `to` excluded; the last 24 hours when absent. */
export function rangeParameters(parameters: Parameters): { readonly from: number; readonly to: number } {
  const fromText = textParameter(parameters, "from");
  const toText = textParameter(parameters, "to");
  const to = toText === undefined ? Date.now() + 1 : instantOf(toText, "to");
  const from = fromText === undefined ? to - DAY_MS : instantOf(fromText, "from");
  if (from >= to) throw new AppError("parameter_invalid", "from must be before to");
  return { from, to };
}

/** `from` and `to` in ms where they are given. */
export function openSpanParameters(parameters: Parameters): {
  readonly from: number | undefined;
  readonly to: number | undefined;
} {
  const [from, to] = ["from", "to"].map((name) => {
    const text = textParameter(parameters, name);
    return text === undefined ? undefined : instantOf(text, name);
  });
  if (from !== undefined && to !== undefined && from >= to)
    throw new AppError("parameter_invalid", "from must be before to");
  return { from, to };
}

/** The filter text; throws `filter_invalid` with the place and, for a field, the nearest one that exists. */
export function filterParameter(parameters: Parameters): readonly FilterTerm[] {
  const parsed = parseFilter(textParameter(parameters, "q") ?? "", FILTER_FIELDS);
  if (parsed.ok) return parsed.terms;
  const unknownField = /^unknown field "(.*)"$/.exec(parsed.problem.message)?.[1];
  const hint = unknownField === undefined ? "" : `; did you mean "${closest(unknownField, [...FILTER_FIELDS])}"?`;
  throw new AppError("filter_invalid", `${parsed.problem.message}${hint}`, {
    details: { position: parsed.problem.position },
  });
}

/** A list cursor: `<ms>.<id>`. */
export function cursorParameter(parameters: Parameters): { readonly time: number; readonly id: string } | undefined {
  const text = textParameter(parameters, "before");
  if (text === undefined) return undefined;
  const match = /^(\d+)\.([\w~-]+)$/.exec(text);
  if (match === null) throw new AppError("parameter_invalid", `before is not a cursor of this server: "${text}"`);
  return { time: Number(match[1]), id: match[2] ?? "" };
}

/** The body as the schema has it; throws `parameter_invalid` naming the field. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("parameter_invalid", `${issue?.path.join(".") || "body"}: ${issue?.message ?? "is not valid"}`);
}
