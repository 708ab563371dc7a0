import {
  failed,
  log,
  matchCondition,
  NEXT,
  operandsOf,
  parameterText,
  type Block,
  type BlockEnd,
  type Executor,
  type Steps,
} from "../block.ts";
import { comparisonMethod, holds } from "../condition.ts";
import type { FlowQueue } from "../flow-contact.ts";
import type { QueueMetrics } from "../flow-host.ts";

export const CHECK_ACTIONS: readonly (readonly [string, Executor])[] = [
  ["CheckHoursOfOperation", checkHours],
  ["CheckMetricData", checkMetric],
  ["CheckOutboundCallStatus", checkOutboundCall],
  ["CheckVoiceId", checkVoiceId],
  ["Compare", compare],
  ["DistributeByPercentage", distribute],
  ["GetMetricData", getMetrics],
];

function* checkHours(block: Block): Steps<BlockEnd> {
  const { contact, host } = block.run;
  const hours = parameterText(block, "HoursOfOperationId");
  const parameters = hours === undefined ? {} : { Hours: hours };
  const isOpen = host.isOpen(hours, contact);
  if (isOpen === undefined) {
    yield* log(block, { moduleType: "CheckHoursOfOperation", parameters, results: "Error" });
    return failed();
  }
  yield* log(block, { moduleType: "CheckHoursOfOperation", parameters, results: String(isOpen) });
  return { kind: "result", value: isOpen ? "True" : "False" };
}

/** Check staffing and Check queue status are one action of the Flow language and two words in the log. */
function* checkMetric(block: Block): Steps<BlockEnd> {
  const metric = parameterText(block, "MetricType") ?? "";
  const moduleType = metric.startsWith("NumberOfAgents") ? "CheckStaffing" : "CheckQueueStatus";
  const { queue, isNamed } = queueOf(block);
  const parameters = isNamed ? { Queue: queue?.arn ?? parameterText(block, "QueueId") ?? "" } : {};
  const metrics = queue === undefined ? undefined : block.run.host.queueMetrics(queue, block.run.contact);
  const value = metrics === undefined ? undefined : metricOf(metrics, metric);
  if (value === undefined) {
    yield* log(block, { moduleType, parameters, results: "Error" });
    return failed();
  }
  const isMatched = matchCondition(block, String(value)) !== undefined;
  yield* log(block, { moduleType, parameters, results: String(isMatched) });
  return { kind: "result", value: String(value) };
}

function queueOf(block: Block): { readonly queue: FlowQueue | undefined; readonly isNamed: boolean } {
  const { contact, host } = block.run;
  const reference = parameterText(block, "QueueId");
  if (reference !== undefined) return { queue: host.findQueue(reference), isNamed: true };
  const agent = parameterText(block, "AgentId");
  if (agent !== undefined) return { queue: host.findAgentQueue(agent), isNamed: true };
  return { queue: contact.queue, isNamed: false };
}

function metricOf(metrics: QueueMetrics, type: string): number | undefined {
  switch (type) {
    case "NumberOfAgentsOnline":
      return metrics.agentsOnline;
    case "NumberOfAgentsStaffed":
      return metrics.agentsStaffed;
    case "NumberOfAgentsAvailable":
      return metrics.agentsAvailable;
    case "NumberOfContactsInQueue":
      return metrics.contactsInQueue;
    // the name says seconds; the operand is in milliseconds
    case "OldestContactInQueueAgeSeconds":
      return metrics.oldestContactMs;
    default:
      return undefined;
  }
}

function* checkOutboundCall(block: Block): Steps<BlockEnd> {
  yield* log(block, { moduleType: "CheckOutboundCallStatus", parameters: {}, results: "CallAnswered" });
  return { kind: "result", value: "CallAnswered" };
}

function* checkVoiceId(block: Block): Steps<BlockEnd> {
  const result = "NotEnrolled";
  yield* log(block, { moduleType: "CheckVoiceId", parameters: {}, results: result });
  return { kind: "result", value: result };
}

/** One entry a condition tested, up to the first that holds. The attribute's name is not logged, only its value. */
function* compare(block: Block): Steps<BlockEnd> {
  const { run, action } = block;
  const value = parameterText(block, "ComparisonValue") ?? "";
  for (const condition of action.conditions) {
    const operands = operandsOf(run, condition);
    const isHolding = holds(condition, value, operands);
    yield* log(block, {
      moduleType: "CheckAttribute",
      parameters: {
        ComparisonMethod: comparisonMethod(condition.operator),
        Value: value,
        SecondValue: operands.join(", "),
      },
      results: String(isHolding),
    });
    if (isHolding) break;
  }
  return { kind: "result", value };
}

/** A number from 1 to 100, compared with thresholds of 1 plus the percentages so far. */
function* distribute(block: Block): Steps<BlockEnd> {
  const value = String(block.run.random.integer(1, 100));
  yield* log(block, { moduleType: "DistributeByPercentage", parameters: {}, results: value });
  return { kind: "result", value };
}

/** Fills `$.Metrics`. */
function* getMetrics(block: Block): Steps<BlockEnd> {
  const { run } = block;
  const { queue, isNamed } = queueOf(block);
  const metrics = queue === undefined ? undefined : run.host.queueMetrics(queue, run.contact);
  const parameters = isNamed ? { Queue: queue?.arn ?? "" } : {};
  if (queue === undefined || metrics === undefined) {
    yield* log(block, { moduleType: "GetMetricData", parameters, results: "Error" });
    return failed();
  }
  block.frame.metrics = {
    Queue: {
      Name: queue.name,
      ARN: queue.arn,
      Size: metrics.contactsInQueue,
      OldestContactAge: Math.round(metrics.oldestContactMs / 1_000),
    },
    Agents: {
      Online: { Count: metrics.agentsOnline },
      Available: { Count: metrics.agentsAvailable },
      Staffed: { Count: metrics.agentsStaffed },
    },
  };
  yield* log(block, { moduleType: "GetMetricData", parameters });
  return NEXT;
}
