import {
  ended,
  failed,
  log,
  NEXT,
  parameterObject,
  parameterText,
  parameterTexts,
  pause,
  secondsParameterMs,
  warn,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import type { FlowQueue } from "../flow-contact.ts";

export const TRANSFER_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["TransferContactToQueue", transferToQueue],
  ["DequeueContactAndTransferToQueue", dequeueAndTransfer],
  ["TransferContactToAgent", transferToAgent],
  ["TransferToFlow", transferToFlow],
  ["TransferParticipantToThirdParty", transferToNumber],
  ["CreateCallbackContact", createCallback],
  ["InvokeFlowModule", invokeModule],
];

const MODULE_TYPE = "Transfer";
/** A contact may go from queue to queue eleven times. */
const QUEUE_TRANSFER_LIMIT = 11;
const DEFAULT_DIAL_LIMIT_MS = 30_000;

function* transferToQueue(block: Block): Steps<BlockEnd> {
  return yield* moveToQueue(block, block.run.contact.queue, false);
}

/** Used in customer queue flows: the contact leaves one queue for another, which its parameters name. */
function* dequeueAndTransfer(block: Block): Steps<BlockEnd> {
  const { contact, host } = block.run;
  const agent = parameterText(block, "AgentId");
  const reference = parameterText(block, "QueueId");
  const named = reference === undefined ? contact.queue : host.findQueue(reference);
  const queue = agent === undefined ? named : host.findAgentQueue(agent);
  if (contact.queueTransfers >= QUEUE_TRANSFER_LIMIT || !host.isInQueue(contact)) return yield* refuseTransfer(block);
  contact.queueTransfers += 1;
  return yield* moveToQueue(block, queue, true);
}

/** The log answers the question of version 1, "at capacity?": "false" stands for a transfer that succeeded. */
function* moveToQueue(block: Block, queue: FlowQueue | undefined, isRequeue: boolean): Steps<BlockEnd> {
  const { contact, host } = block.run;
  if (queue === undefined) return yield* refuseTransfer(block);
  const isFull = host.isQueueFull(queue, contact);
  const parameters = isRequeue ? { Queue: queue.arn } : {};
  yield* log(block, { moduleType: MODULE_TYPE, parameters, results: String(isFull) });
  if (isFull) return failed("QueueAtCapacity");
  contact.queue = queue;
  yield { kind: "enqueue", queue, isRequeue };
  return ended({ kind: "queued", queue });
}

function* refuseTransfer(block: Block): Steps<BlockEnd> {
  yield* log(block, { moduleType: MODULE_TYPE, parameters: {}, results: "Error" });
  return failed();
}

function* transferToAgent(block: Block): Steps<BlockEnd> {
  yield* log(block, { moduleType: MODULE_TYPE, parameters: {} });
  return ended({ kind: "transferred_to_agent" });
}

function* transferToFlow(block: Block): Steps<BlockEnd> {
  const reference = parameterText(block, "ContactFlowId");
  if (reference === undefined) return yield* refuseTransfer(block);
  const flow = block.run.host.findFlow(reference);
  yield* log(block, { moduleType: MODULE_TYPE, parameters: { ContactFlowId: flow?.arn ?? reference } });
  if (flow !== undefined) return { kind: "enter", flow };
  yield* warn(block, "flow_not_found", `the flow ${JSON.stringify(reference)} is not at hand; the run ends here`);
  return ended({ kind: "transferred_to_flow", reference });
}

/** An entry; where the flow goes on after the call, an exit with what came of it. */
function* transferToNumber(block: Block): Steps<BlockEnd> {
  const { run } = block;
  const { contact, host } = run;
  const number = parameterText(block, "ThirdPartyPhoneNumber");
  if (number === undefined) return yield* refuseTransfer(block);
  const limitMs = secondsParameterMs(block, "ThirdPartyConnectionTimeLimitSeconds") ?? DEFAULT_DIAL_LIMIT_MS;
  yield* log(block, { moduleType: MODULE_TYPE, parameters: { PhoneNumber: number, Timeout: String(limitMs) } });
  yield { kind: "dial", number };
  const answer = host.dial({ contact, number, limitMs });
  if (answer.kind === "no_answer") {
    yield* pause(run, limitMs, "call");
    yield* log(block, { moduleType: MODULE_TYPE, results: "Timeout" });
    return failed("ConnectionTimeLimitExceeded");
  }
  if (answer.kind === "failed") {
    yield* pause(run, answer.tookMs, "call");
    yield* log(block, { moduleType: MODULE_TYPE, results: "Failed" });
    return failed("CallFailed");
  }
  yield* pause(run, answer.ringMs, "call");
  const isContinued = parameterText(block, "ContinueFlowExecution")?.toLowerCase() !== "false";
  if (!isContinued) return ended({ kind: "transferred_to_number", number });
  yield* pause(run, answer.talkMs, "call");
  yield* log(block, { moduleType: MODULE_TYPE, results: "Completed" });
  return NEXT;
}

function* createCallback(block: Block): Steps<BlockEnd> {
  const { contact, host } = block.run;
  const reference = parameterText(block, "QueueId");
  const queue = reference === undefined ? contact.queue : host.findQueue(reference);
  if (queue === undefined) return yield* refuseTransfer(block);
  const delayMs = secondsParameterMs(block, "InitialCallDelaySeconds") ?? 0;
  const parameters = {
    ...(reference === undefined ? {} : { Queue: queue.arn }),
    InitialCallDelaySeconds: parameterText(block, "InitialCallDelaySeconds") ?? "0",
    MaximumConnectionAttempts: parameterText(block, "MaximumConnectionAttempts") ?? "1",
    RetryDelaySeconds: parameterText(block, "RetryDelaySeconds") ?? "0",
  };
  yield* log(block, { moduleType: MODULE_TYPE, parameters });
  yield { kind: "callback", queue, number: contact.callbackNumber, delayMs };
  return NEXT;
}

function* invokeModule(block: Block): Steps<BlockEnd> {
  const reference = parameterText(block, "FlowModuleId");
  const module = reference === undefined ? undefined : block.run.host.findModule(reference);
  const input = parameterObject(block, "Input");
  const parameters = {
    FlowModuleId: module?.arn ?? reference ?? "",
    ...(Object.keys(input).length === 0 ? {} : { Input: parameterTexts(block, "Input") }),
  };
  if (module !== undefined) {
    yield* log(block, { moduleType: "InvokeFlowModule", parameters });
    return { kind: "call", module, input };
  }
  yield* log(block, { moduleType: "InvokeFlowModule", parameters, results: "Error" });
  yield* warn(block, "module_not_found", `the module ${JSON.stringify(reference ?? "")} is not at hand`);
  return failed();
}
