import type { JsonValue } from "../../json.ts";
import type { UnixMillis } from "../../record.ts";

/**
 * One flow log entry as Connect writes it to the log group `/aws/connect/<instance-alias>`. Wire shape: Amazon's names
 * and casing; every form from 2017 to 2026 fits, so most fields may be absent. Entries have no level, message, error
 * code, duration or branch. `undefined` means absent, null, or (for texts) the literal "null".
 * https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-log-data.html (read 2026-11-20)
 */
export interface FlowLogWire {
  readonly ContactId: string;
  /** ARN of a flow, or of a module while a module runs; a bare id is tolerated. */
  readonly ContactFlowId: string | undefined;
  /** Absent in 2017 and 2021; the name at run time. */
  readonly ContactFlowName: string | undefined;
  /** The pre-2020 word for the block (`SetQueue`, `GetUserInput`), not a flow-language action type. */
  readonly ContactFlowModuleType: string | undefined;
  /** The flow language's `Actions[].Identifier`; absent before 2024. */
  readonly Identifier: string | undefined;
  /** The entry's own clock, or the carrier's where the entry's is missing or malformed. */
  readonly Timestamp: UnixMillis;
  /** All values are strings, numbers and booleans too ("5000", "false"); `{}`, null or absent on exit entries. */
  readonly Parameters: JsonValue | undefined;
  readonly Results: string | undefined;
  readonly ExternalResults: JsonValue | undefined;
  readonly ResultData: JsonValue | undefined;
  /** ARNs, innermost first: [module, calling flow]. */
  readonly ModuleExecutionStack: JsonValue | undefined;
  /** 2017 only, instead of `Parameters`; its values are arrays. */
  readonly Events: JsonValue | undefined;
  /** Keys that none of the known forms has, kept for a later Connect. */
  readonly unknownFields: readonly (readonly [string, JsonValue])[];
}
