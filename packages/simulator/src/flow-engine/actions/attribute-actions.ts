import { isObject, objectAt, type JsonObject, type JsonValue } from "@fourwire/core";
import {
  failed,
  log,
  NEXT,
  parameterText,
  parameterTexts,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import { textOf } from "../reference.ts";

export const ATTRIBUTE_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["UpdateContactAttributes", setAttributes],
  ["UpdateFlowAttributes", setFlowAttributes],
];

/** Connect's limit of all user-defined attributes of a contact together, in bytes; counted in characters here. */
const ATTRIBUTES_LIMIT = 32_768;

/** One entry an attribute. */
function* setAttributes(block: Block): Steps<BlockEnd> {
  const { run } = block;
  const isRelated = parameterText(block, "TargetContact") === "Related";
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(parameterTexts(block, "Attributes"))) {
    const text = textOf(value);
    if (!isRelated && sizeWith(run.contact.attributes, key, text) > ATTRIBUTES_LIMIT) {
      yield* log(block, { moduleType: "SetAttributes", parameters: entryOf(key, text, isRelated), results: "Error" });
      return failed();
    }
    if (!isRelated) run.contact.attributes.set(key, text);
    Object.defineProperty(attributes, key, { value: text, enumerable: true, configurable: true, writable: true });
    yield* log(block, { moduleType: "SetAttributes", parameters: entryOf(key, text, isRelated) });
  }
  if (!isRelated) yield { kind: "set_attributes", attributes };
  return NEXT;
}

function entryOf(key: string, value: string, isRelated: boolean): JsonObject {
  return { Value: value, AddAttributeToRelatedContact: String(isRelated), Key: key };
}

function sizeWith(attributes: ReadonlyMap<string, string>, key: string, value: string): number {
  let size = key.length + value.length;
  for (const [name, text] of attributes) if (name !== key) size += name.length + text.length;
  return size;
}

/** `{"FlowAttributes":{"attempt":{"Value":"1"}}}`; plain texts are taken too. */
function* setFlowAttributes(block: Block): Steps<BlockEnd> {
  const { run, frame, action } = block;
  for (const [name, holder] of Object.entries(objectAt(action.parameters, "FlowAttributes") ?? {})) {
    const key = run.expand(name);
    const value = run.expand(textOf(valueOf(holder)));
    frame.flowAttributes.set(key, value);
    yield* log(block, { moduleType: "SetFlowAttributes", parameters: { Key: key, Value: value } });
  }
  return NEXT;
}

function valueOf(holder: JsonValue | undefined): JsonValue | undefined {
  return isObject(holder) ? holder["Value"] : holder;
}
