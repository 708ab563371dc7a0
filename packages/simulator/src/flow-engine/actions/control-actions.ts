import { arrayAt } from "@fourwire/core";
import {
  ended,
  failed,
  log,
  parameterObject,
  parameterText,
  parameterTexts,
  pause,
  secondsParameterMs,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";

export const CONTROL_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["Loop", loop],
  ["Wait", wait],
  ["EndFlowExecution", endFlow],
  ["EndFlowModuleExecution", returnFromModule],
  ["DisconnectParticipant", disconnect],
];

const MOST_LOOPS = 100;

/** Answers "NotDone" as often as it is told, then "Done" once, and starts again. */
function* loop(block: Block): Steps<BlockEnd> {
  const { frame, action } = block;
  const text = parameterText(block, "LoopCount") ?? "";
  const count = Number(text);
  const isValid = text !== "" && Number.isInteger(count) && count >= 0 && count <= MOST_LOOPS;
  const parameters = { LoopCount: text };
  if (!isValid && action.errors.length > 0) {
    yield* log(block, { moduleType: "Loop", parameters, results: "Error" });
    return failed();
  }
  // older exports have no error branch: the only way on is out of the loop
  const done = frame.loops.get(action.identifier) ?? 0;
  const isOver = !isValid || done >= count;
  frame.loops.set(action.identifier, isOver ? 0 : done + 1);
  yield* log(block, { moduleType: "Loop", parameters, results: isOver ? "Done" : "NotDone" });
  return { kind: "result", value: isOver ? "DoneLooping" : "ContinueLooping" };
}

/** An entry, and an exit when the time is over or what it waits for happens. */
function* wait(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const limitMs = secondsParameterMs(block, "TimeLimitSeconds") ?? secondsParameterMs(block, "TimeoutSeconds");
  if (limitMs === undefined) {
    yield* log(block, { moduleType: "Wait", parameters: {}, results: "Error" });
    return failed();
  }
  yield* log(block, { moduleType: "Wait", parameters: { Timeout: String(limitMs) } });
  const isReturnAwaited = arrayAt(action.parameters, "Events").includes("CustomerReturned");
  const returnedMs = isReturnAwaited ? run.host.customerReturnsAfterMs(run.contact, limitMs) : undefined;
  const isReturned = returnedMs !== undefined && returnedMs < limitMs;
  yield* pause(run, isReturned ? returnedMs : limitMs, "wait");
  const value = isReturned ? "CustomerReturned" : "WaitCompleted";
  yield* log(block, { moduleType: "Wait", results: value });
  return { kind: "result", value };
}

function* endFlow(block: Block): Steps<BlockEnd> {
  yield* log(block, { moduleType: "Resume", parameters: {} });
  return ended({ kind: "ended" });
}

/** A custom module names one of its branches as `Result` and its output as `ResultData`; either may be absent. */
function* returnFromModule(block: Block): Steps<BlockEnd> {
  const result = parameterText(block, "Result");
  const output = parameterObject(block, "ResultData");
  const parameters = {
    ...(result === undefined ? {} : { Result: result }),
    ...(Object.keys(output).length === 0 ? {} : { ResultData: parameterTexts(block, "ResultData") }),
  };
  yield* log(block, { moduleType: "ReturnFromFlowModule", parameters });
  return { kind: "return", result, output };
}

function* disconnect(block: Block): Steps<BlockEnd> {
  yield* log(block, { moduleType: "Disconnect", parameters: {} });
  yield { kind: "disconnect" };
  return ended({ kind: "disconnected" });
}
