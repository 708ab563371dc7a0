import type { Column } from "../../column.ts";

/** What a flow log entry says beyond the common columns, in table order. */
export const FLOW_LOG_COLUMNS: readonly Column[] = [
  {
    name: "flow_arn",
    type: "text",
    description: "the flow or module as written, with its version if it has one",
    from: "ContactFlowId",
  },
  {
    name: "flow_name",
    type: "text",
    description: "the flow's name at run time; absent before 2023",
    from: "ContactFlowName",
  },
  { name: "flow_kind", type: "text", description: "flow or module", from: "ContactFlowId" },
  { name: "block_id", type: "text", description: "the block within its flow; absent before 2024", from: "Identifier" },
  {
    name: "block_type",
    type: "text",
    description: "the block's type in the vocabulary of 2017, open",
    from: "ContactFlowModuleType",
  },
  {
    name: "parameters",
    type: "json",
    description: "what the block was given; every value is a text",
    from: "Parameters",
  },
  {
    name: "results",
    type: "text",
    description: "what the block answered: true, false, digits, an intent, an error word or sentence",
    from: "Results",
  },
  {
    name: "external_results",
    type: "json",
    description: "what a Lambda function or a profile look-up returned",
    from: "ExternalResults",
  },
  {
    name: "result_data",
    type: "json",
    description: "structured results, such as a customer profile",
    from: "ResultData",
  },
  {
    name: "module_stack",
    type: "json",
    description: "ARNs of the running module and its callers, innermost first",
    from: "ModuleExecutionStack",
  },
  {
    name: "lambda_arn",
    type: "text",
    description: "the Lambda function that the block calls",
    from: "Parameters.FunctionArn",
  },
  {
    name: "queue_id",
    type: "text",
    description: "the queue that the block sets",
    from: "Parameters.Queue, in 2017 Events.Queue[0]",
  },
  {
    name: "is_error",
    type: "boolean",
    description: "the result is a failure of the block; a timeout or an input without match is a branch, not an error",
    from: "Results",
  },
  {
    name: "is_exit",
    type: "boolean",
    description:
      "a result without parameters: the second entry of a block that waits, or the only one of a block without settings",
    from: "Results, ExternalResults, ResultData, Parameters",
  },
  { name: "log_group", type: "text", description: "CloudWatch log group that carried the entry" },
];
