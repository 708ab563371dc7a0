import type { JsonObject } from "@fourwire/core";
import { describeActionType } from "../action-types.ts";
import {
  allParameterTexts,
  failed,
  log,
  NEXT,
  parameterTexts,
  pause,
  secondsParameterMs,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import { objectOrEmpty } from "../run-state.ts";
import { textOf } from "../reference.ts";

/** Where what was found is read by later blocks: `$.Customer.FirstName`, `$.Case.status`. */
const NAMESPACES: ReadonlyMap<string, string> = new Map([
  ["GetCustomerProfile", "Customer"],
  ["GetCustomerProfileObject", "Customer"],
  ["GetCalculatedAttributesForCustomerProfile", "Customer"],
  ["CreateCustomerProfile", "Customer"],
  ["UpdateCustomerProfile", "Customer"],
  ["AuthenticateParticipant", "Customer"],
  ["CreateCase", "Case"],
  ["GetCase", "Case"],
  ["UpdateCase", "Case"],
  ["CreateTask", "Task"],
  ["StartOutboundChatContact", "OutboundChat"],
  ["StartOutboundEmailContact", "OutboundEmail"],
]);

export const LOOK_UP_ACTIONS: readonly (readonly [string, Executor])[] = [
  ...[...NAMESPACES.keys()].map((type) => [type, lookUp] as const),
  ["ShowView", showView],
];

/** The result's name in the log is the error branch's, without "Error" at its end: `MultipleFound`. */
function* lookUp(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const moduleType = describeActionType(action.type)?.moduleType ?? action.type;
  const parameters = allParameterTexts(block);
  const answer = run.host.lookUp({ contact: run.contact, type: action.type, parameters });
  yield* pause(run, answer.tookMs, "look_up");
  if (answer.kind === "error") {
    const isPlain = answer.errorType === "NoMatchingError";
    yield* log(block, { moduleType, parameters, results: isPlain ? "Error" : answer.errorType.replace(/Error$/, "") });
    return failed(answer.errorType);
  }
  block.frame.found.set(NAMESPACES.get(action.type) ?? action.type, answer.found);
  yield* log(block, { moduleType, parameters, ...resultData(answer.found) });
  return NEXT;
}

function resultData(found: JsonObject): { readonly resultData?: JsonObject } {
  const id = found["ProfileId"];
  return id === undefined ? {} : { resultData: { ProfileId: textOf(id) } };
}

const DEFAULT_VIEW_LIMIT_MS = 400_000;

/** Show view: an entry with the view, an exit with what the person did. */
function* showView(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const moduleType = "ShowView";
  const view = parameterTexts(block, "ViewResource");
  const limitMs = secondsParameterMs(block, "InvocationTimeLimitSeconds") ?? DEFAULT_VIEW_LIMIT_MS;
  const parameters = { ViewResource: view, Timeout: String(limitMs), ViewData: parameterTexts(block, "ViewData") };
  yield* log(block, { moduleType, parameters });
  const answer = run.host.showView({
    contact: run.contact,
    action: action.identifier,
    view: textOf(view["Id"]),
    actions: action.conditions.flatMap(({ operands }) => operands),
    limitMs,
  });
  if (answer.kind === "silence") {
    yield* pause(run, limitMs, "view");
    yield* log(block, { moduleType, results: "Timeout" });
    return failed("TimeLimitExceeded");
  }
  yield* pause(run, answer.tookMs, "view");
  if (answer.kind === "failed") {
    yield* log(block, { moduleType, results: "Error" });
    return failed();
  }
  block.frame.found.set("Views", { Action: answer.action, ViewResultData: objectOrEmpty(answer.output) });
  yield* log(block, { moduleType, results: answer.action });
  return { kind: "result", value: answer.action };
}
