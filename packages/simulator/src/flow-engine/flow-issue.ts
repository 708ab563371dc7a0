/** What can be wrong with a definition. `error`: a contact cannot enter it. `warning`: it runs, perhaps not as meant. */
export type FlowIssueCode =
  | "not_a_flow"
  | "legacy_export"
  | "version_unknown"
  | "no_actions"
  | "too_many_actions"
  | "start_missing"
  | "action_invalid"
  | "identifier_missing"
  | "identifier_invalid"
  | "identifier_repeated"
  | "type_unknown"
  | "target_missing"
  | "operator_unknown"
  | "parameter_missing"
  | "unreachable";

export interface FlowIssue {
  readonly severity: "error" | "warning";
  readonly code: FlowIssueCode;
  /** Lower case, no full stop; names the value that is wrong. */
  readonly message: string;
  /** The action's `Identifier`; absent where the issue is the whole definition's. */
  readonly action?: string;
}
