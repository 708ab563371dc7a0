import { describeActionType, suggestActionType } from "../action-types.ts";
import {
  allParameterTexts,
  ended,
  failed,
  log,
  NEXT,
  warn,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";

/** Known actions that only set something which no wire shows: logged with their parameters, and passed through. */
const PASSED_THROUGH: readonly string[] = [
  "CompleteOutboundCall",
  "ResumeContact",
  "StartVoiceIdStream",
  "TagContact",
  "UnTagContact",
  "UntagContact",
  "UpdateContactMediaProcessing",
  "UpdatePreviousContactParticipantState",
  "UpdateRoutingCriteria",
  "AssociateContactToCustomerProfile",
  "CreatePersistentContactAssociation",
];

export const GENERIC_ACTIONS: readonly (readonly [string, Executor])[] = PASSED_THROUGH.map(
  (type) => [type, passThrough] as const,
);

function* passThrough(block: Block): Steps<BlockEnd> {
  const moduleType = describeActionType(block.action.type)?.moduleType ?? block.action.type;
  yield* log(block, { moduleType, parameters: allParameterTexts(block) });
  return NEXT;
}

/**
 * A type that Connect does not document. It is reported, logged under its own name, and left by NextAction, else by an
 * error branch, else by the first condition; one without any way out ends the flow.
 */
export function* runUnknownAction(block: Block): Steps<BlockEnd> {
  const { action } = block;
  const suggestion = suggestActionType(action.type);
  const advice = suggestion === undefined ? "" : `; the Flow language's word is ${suggestion}`;
  yield* warn(block, "type_unknown", `${JSON.stringify(action.type)} is no action type of the Flow language${advice}`);
  yield* log(block, { moduleType: action.type === "" ? "null" : action.type, parameters: allParameterTexts(block) });
  if (action.next !== undefined) return NEXT;
  const [error] = action.errors;
  if (error !== undefined) return failed(error.type);
  const [condition] = action.conditions;
  return condition === undefined ? ended({ kind: "ended" }) : { kind: "result", value: condition.operands[0] ?? "" };
}
