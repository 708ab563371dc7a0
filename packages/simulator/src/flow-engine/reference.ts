import { isObject, type JsonValue } from "@fourwire/core";

// JSONPath references as flows use them: `$.Attributes.tier`, `$.Attributes.['first name']`, `$['AwsRegion']`,
// `$.External.list[0].name`. A parameter is one whole reference, or a text with references inside.
// https://docs.aws.amazon.com/connect/latest/adminguide/how-to-reference-attributes.html (read 2026-11-25)

const STEP = String.raw`\.?\[(?:'[^']*'|"[^"]*"|\d+)\]|\.[\w-]+`;
const INSIDE = new RegExp(String.raw`\$(?:${STEP})+`, "g");
const WHOLE = new RegExp(String.raw`^\$(?:${STEP})+$`);
const STEPS = new RegExp(STEP, "g");

/** Longer texts after expansion are cut: Connect's limit of all attributes of a contact together. */
const TEXT_LIMIT = 32_768;

/** Gives the value under the first name of a reference: `Attributes`, `External`, `Channel`, ... */
export type ReferenceRoots = (name: string) => JsonValue | undefined;

export function isReference(text: string): boolean {
  return WHOLE.test(text);
}

/** A text with every reference replaced by its value; what is not there becomes empty, and `missing` is told. */
export function expandText(text: string, roots: ReferenceRoots, missing?: (reference: string) => void): string {
  if (!text.includes("$")) return text;
  const expanded = text.replaceAll(INSIDE, (reference) => {
    const value = resolveReference(reference, roots);
    if (value === undefined) missing?.(reference);
    return textOf(value);
  });
  return expanded.length <= TEXT_LIMIT ? expanded : expanded.slice(0, TEXT_LIMIT);
}

/** The value a reference names; undefined when it names nothing. */
function resolveReference(reference: string, roots: ReferenceRoots): JsonValue | undefined {
  const [first, ...rest] = (reference.match(STEPS) ?? []).map((step) => stepName(step));
  let value = first === undefined ? undefined : roots(first);
  for (const name of rest) {
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** Texts as they are, numbers and booleans written out, objects as JSON, absent and null as nothing. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function stepName(step: string): string {
  const bracket = step.indexOf("[");
  if (bracket === -1) return step.slice(1);
  return step.slice(bracket + 1, -1).replace(/^['"]|['"]$/g, "");
}
