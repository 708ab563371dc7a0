import type { z } from "zod";
import { closest } from "../cli/closest.ts";
import type { ConfigDocument } from "./config-document.ts";
import type { ConfigProblem } from "./config-problem.ts";
import type { Override } from "./environment.ts";
import { configJsonSchema, keysAt } from "./json-schema.ts";

interface Given {
  readonly value: unknown;
  readonly document: ConfigDocument | undefined;
  readonly overrides: readonly Override[];
}

/** zod's issues as problems with a place and words for a person. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], given: Given): readonly ConfigProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ place: placeOf(issue.path, given), key: keyText(issue.path, given), message: messageOf(issue, given) }];
    }
    return issue.keys.map((unknown) => {
      const path = [...issue.path, unknown];
      return {
        place: placeOf(path, given),
        key: keyText(path, given),
        message: unknownKey(issue.path, unknown, given),
      };
    });
  });
}

function unknownKey(path: readonly PropertyKey[], unknown: string, given: Given): string {
  const known = keysAt(configJsonSchema(), path, given.value);
  if (known.length === 0) return "unknown key";
  return `unknown key; did you mean "${closest(unknown, known)}"? known here: ${known.join(", ")}`;
}

function messageOf(issue: z.core.$ZodIssue, given: Given): string {
  if (issue.code === "invalid_union" && "options" in issue) return unknownType(issue, given);
  if (issue.code === "invalid_type" && valueAt(given.value, issue.path) === undefined) return "missing";
  return issue.message.replace(/^Invalid input: /, "");
}

function unknownType(issue: z.core.$ZodIssueInvalidUnion & { options?: unknown }, given: Given): string {
  const options = Array.isArray(issue.options) ? issue.options.map(String) : [];
  const written = valueAt(given.value, issue.path);
  if (written === undefined) return `missing; one of ${options.join(", ")}`;
  const text = typeof written === "string" ? written : JSON.stringify(written);
  return `"${text}" is none of ${options.join(", ")}; did you mean "${closest(text, options)}"?`;
}

function placeOf(path: readonly PropertyKey[], given: Given): string {
  const override = given.overrides.find(({ key }) => key === path.map(String).join("."));
  if (override !== undefined) return override.variable;
  return given.document?.placeOf(path) ?? "the environment";
}

/** `receivers.agents.stream`: entries of a list are called by their name where they have one. */
function keyText(path: readonly PropertyKey[], given: Given): string {
  return path
    .map((step, index) => {
      if (typeof step !== "number") return String(step);
      const name = valueAt(given.value, [...path.slice(0, index + 1), "name"]);
      return typeof name === "string" && path[index + 1] !== "name" ? name : `[${step}]`;
    })
    .join(".")
    .replaceAll(".[", "[");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt(Object.entries(value).find(([key]) => key === String(step))?.[1], rest);
}
