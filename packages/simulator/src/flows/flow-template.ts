import { arrayAt, isObject, textAt, type JsonObject, type JsonValue } from "@fourwire/core";
import type { FlowKind, FlowResource } from "../flow-engine/flow-resource.ts";
import { parseFlow } from "../flow-engine/parse-flow.ts";

/** A flow before it is published: resources stand in it as `{{name}}`, as in flows kept under version control. */
export interface FlowTemplate {
  readonly name: string;
  readonly kind: FlowKind;
  readonly definition: JsonObject;
}

interface Filling {
  /** What a placeholder becomes; undefined where there is no such thing. */
  readonly valueOf: (placeholder: string) => string | undefined;
  /** The `Identifier` of each action, by its name in the template; names without one stay. */
  readonly identifiers?: Readonly<Record<string, string>>;
}

export interface PublishOptions extends Filling {
  readonly arn: string;
}

/** The flow as it is published in one instance. A placeholder without a value or a template that cannot run is a bug. */
export function publishFlow({ name, kind, definition }: FlowTemplate, options: PublishOptions): FlowResource {
  const parsed = parseFlow(fillTemplate(definition, options));
  if (!parsed.ok || parsed.issues.length > 0) {
    throw new Error(`the flow "${name}" cannot be published: ${JSON.stringify(parsed.issues)}`);
  }
  return { arn: options.arn, name, kind, definition: parsed.flow };
}

/** Names of a template's actions, in their order. */
export function actionNames({ definition }: FlowTemplate): readonly string[] {
  return arrayAt(definition, "Actions").flatMap((action) =>
    isObject(action) ? (textAt(action, "Identifier") ?? []) : [],
  );
}

const PLACEHOLDER = /\{\{([\w.]+)\}\}/g;
const IDENTIFIER_KEYS: ReadonlySet<string> = new Set(["Identifier", "NextAction", "StartAction"]);

export function fillTemplate(definition: JsonObject, filling: Filling): JsonObject {
  return Object.fromEntries(
    Object.entries(definition).map(([name, field]) => [name, fillValue(field ?? null, filling, name)]),
  );
}

function fillValue(value: JsonValue, filling: Filling, key: string): JsonValue {
  if (Array.isArray(value)) return value.map((element) => fillValue(element, filling, key));
  if (isObject(value)) return fillTemplate(value, filling);
  if (typeof value !== "string") return value;
  if (IDENTIFIER_KEYS.has(key)) return filling.identifiers?.[value] ?? value;
  return value.replaceAll(PLACEHOLDER, (_whole, name: string) => {
    const filled = filling.valueOf(name);
    if (filled === undefined) throw new Error(`no value for the placeholder {{${name}}}`);
    return filled;
  });
}
