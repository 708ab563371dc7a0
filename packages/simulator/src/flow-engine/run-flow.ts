import { matchCondition, pause, type Block, type BlockEnd, type Steps } from "./block.ts";
import { executorOf } from "./executors.ts";
import type { FlowEffect, FlowOutcome, FlowWarningCode } from "./flow-effect.ts";
import { RunState, type FlowRunOptions } from "./run-state.ts";

/** How long Connect itself takes between two blocks. */
const PROCESSING_MS = { least: 2, most: 28 } as const;

interface Branch {
  readonly label: string;
  readonly isError: boolean;
  readonly to: string | undefined;
}

/**
 * Runs a contact through a flow, and the flows and modules it leads to, as a series of effects. The driver lets time
 * pass at `wait` and takes the next effect when the clock is there; it may stop at any point (`return()`), which is what
 * happens to a flow whose customer hangs up. Whatever the definition holds, this never throws and always ends, given a
 * host that answers.
 */
export function* runFlow(options: FlowRunOptions): Generator<FlowEffect, FlowOutcome, void> {
  const run = new RunState(options);
  yield { kind: "enter_flow", flow: options.flow };
  for (;;) {
    const outcome = yield* runBlock(run);
    if (outcome !== undefined) return outcome;
  }
}

/** Runs the action at the run's position and moves on; gives the outcome when the run is over. */
function* runBlock(run: RunState): Steps<FlowOutcome | undefined> {
  const { frame } = run;
  const action = frame.flow.definition.actions.get(frame.position);
  if (action === undefined) {
    return yield* giveUp(frame.position, "target_missing", `no action is called ${JSON.stringify(frame.position)}`);
  }
  if (!run.countStep()) {
    return yield* giveUp(action.identifier, "step_limit", "the flow runs in a circle and was stopped");
  }
  const block = { run, frame, action };
  yield { kind: "enter_block", flow: frame.flow, action: action.identifier, type: action.type };
  yield* pause(run, run.random.integer(PROCESSING_MS.least, PROCESSING_MS.most), "processing");
  run.missing.clear();
  const end = yield* executorOf(action.type)(block);
  yield* tellMissing(block);
  return yield* leaveBlock(block, end);
}

/** What a block was to say or to pass on and is not there. To ask whether something is there is what Compare is for. */
function* tellMissing({ run, action }: Block): Steps {
  if (action.type === "Compare") return;
  for (const reference of run.missing) {
    const message = `${reference} names nothing here and is empty`;
    yield { kind: "warning", code: "reference_empty", message, action: action.identifier };
  }
}

function* leaveBlock(block: Block, end: BlockEnd): Steps<FlowOutcome | undefined> {
  const { run } = block;
  switch (end.kind) {
    case "end":
      yield left(block, { label: `end: ${end.outcome.kind}`, isError: false, to: undefined });
      return end.outcome;
    case "enter":
      yield left(block, { label: "flow", isError: false, to: undefined });
      run.enterFlow(end.flow);
      yield { kind: "enter_flow", flow: end.flow };
      return undefined;
    case "call":
      return yield* callModule(block, end);
    case "return":
      return yield* returnFromModule(block, end);
    case "next":
    case "result":
    case "failed":
      return yield* follow(block, chooseBranch(block, end));
  }
}

function* follow(block: Block, branch: Branch): Steps<FlowOutcome | undefined> {
  yield left(block, branch);
  if (branch.to === undefined) {
    return yield* giveUp(
      block.action.identifier,
      "no_branch",
      `${block.action.type} has no branch for: ${branch.label}`,
    );
  }
  block.frame.position = branch.to;
  return undefined;
}

function* callModule(block: Block, end: BlockEnd & { kind: "call" }): Steps<FlowOutcome | undefined> {
  if (!block.run.callModule(end.module, end.input)) {
    yield {
      kind: "warning",
      code: "module_depth",
      message: "modules are nested too deep",
      action: block.action.identifier,
    };
    return yield* follow(block, chooseBranch(block, { kind: "failed", errorType: "NoMatchingError" }));
  }
  yield left(block, { label: "module", isError: false, to: undefined });
  yield { kind: "enter_flow", flow: end.module };
  return undefined;
}

/** The calling flow goes on after its Invoke module block: by the branch that the module chose, if it chose one. */
function* returnFromModule(block: Block, end: BlockEnd & { kind: "return" }): Steps<FlowOutcome | undefined> {
  yield left(block, { label: "return", isError: false, to: undefined });
  const caller = block.run.returnFromModule(end);
  if (caller === undefined) return { kind: "returned" };
  const action = caller.flow.definition.actions.get(caller.position);
  const branch = action === undefined ? undefined : branchAfterModule({ run: block.run, frame: caller, action }, end);
  if (branch?.to === undefined) {
    return yield* giveUp(caller.position, "no_branch", "nothing follows the module");
  }
  caller.position = branch.to;
  yield { kind: "enter_flow", flow: caller.flow };
  return undefined;
}

function branchAfterModule(caller: Block, { result }: BlockEnd & { kind: "return" }): Branch {
  return chooseBranch(caller, result === undefined ? { kind: "next" } : { kind: "result", value: result });
}

/**
 * The branch a block takes. An error without a branch of its own goes to NoMatchingError, and where there is none to
 * NextAction: older exports have no error branches at all, and their NextAction is what follows.
 */
function chooseBranch(block: Block, end: BlockEnd & { kind: "next" | "result" | "failed" }): Branch {
  const { action } = block;
  if (end.kind === "failed") return errorBranch(block, end.errorType);
  if (end.kind === "next") return { label: "next", isError: false, to: action.next };
  const condition = matchCondition(block, end.value);
  if (condition === undefined) return errorBranch(block, "NoMatchingCondition");
  return { label: `${condition.operator} ${condition.operands.join(", ")}`, isError: false, to: condition.next };
}

function errorBranch({ action }: Block, type: string): Branch {
  const isNoMatch = type === "NoMatchingCondition";
  const branch =
    action.errors.find((error) => error.type === type) ??
    (isNoMatch ? undefined : action.errors.find((error) => error.type === "NoMatchingError"));
  const to = branch?.next ?? action.next ?? (isNoMatch ? action.errors[0]?.next : undefined);
  return { label: `error ${type}`, isError: !isNoMatch && type !== "InputTimeLimitExceeded", to };
}

function left({ frame, action }: Block, branch: Branch): FlowEffect {
  return {
    kind: "leave_block",
    flow: frame.flow,
    action: action.identifier,
    branch: branch.label,
    isError: branch.isError,
    to: branch.to,
  };
}

function* giveUp(action: string, code: FlowWarningCode, message: string): Steps<FlowOutcome> {
  yield { kind: "warning", code, message, action };
  return { kind: "failed", reason: code };
}
