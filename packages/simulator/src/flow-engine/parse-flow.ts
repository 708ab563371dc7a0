import { arrayAt, isObject, objectAt, type JsonObject, type JsonValue } from "@fourwire/core";
import { describeActionType, isKnownActionType, suggestActionType } from "./action-types.ts";
import { isKnownOperator } from "./condition.ts";
import type { FlowAction, FlowCondition, FlowDefinition, FlowErrorBranch } from "./flow-definition.ts";
import type { FlowIssue, FlowIssueCode } from "./flow-issue.ts";

export type ParsedFlow =
  | { readonly ok: true; readonly flow: FlowDefinition; readonly issues: readonly FlowIssue[] }
  | { readonly ok: false; readonly issues: readonly FlowIssue[] };

const LANGUAGE_VERSION = "2019-10-30";
/** Connect's quota of blocks in a flow. */
const ACTION_LIMIT = 250;
/** A broken file may break everything in it; the first of these say it. */
const ISSUE_LIMIT = 200;
const IDENTIFIER_LIMIT = 50;
const FORBIDDEN_IN_IDENTIFIER = /[%:(\\/)=$,;[\]{}]/;

/**
 * Reads a definition as the console exports it. Never throws: what cannot be read is an issue, and whatever can be run
 * is kept. `ok` is false where no contact could enter.
 */
export function parseFlow(value: JsonValue | undefined): ParsedFlow {
  const issues = new IssueList();
  if (!isObject(value)) return issues.refuse("not_a_flow", "a flow definition is a JSON object");
  if (isLegacyExport(value)) {
    return issues.refuse(
      "legacy_export",
      'this is an export of version 1 ("modules"); open it in the flow designer and export it again',
    );
  }
  if (!Array.isArray(value["Actions"])) return issues.refuse("not_a_flow", "a flow definition has a list of Actions");
  if (value["Version"] !== LANGUAGE_VERSION) {
    issues.warn("version_unknown", `Version is ${short(value["Version"])} and not "${LANGUAGE_VERSION}"`);
  }
  const actions = readActions(arrayAt(value, "Actions"), issues);
  if (actions.size === 0) return issues.refuse("no_actions", "the flow has no action that could be read");
  const start = value["StartAction"];
  if (typeof start !== "string" || !actions.has(start)) {
    return issues.refuse("start_missing", `StartAction ${short(start)} is not one of the flow's actions`);
  }
  checkActions(actions, issues);
  reportUnreachable(start, actions, issues);
  return { ok: true, flow: { start, actions }, issues: issues.all };
}

class IssueList {
  readonly all: FlowIssue[] = [];

  warn(code: FlowIssueCode, message: string, action?: string): void {
    if (this.all.length >= ISSUE_LIMIT) return;
    this.all.push({ severity: "warning", code, message, ...(action === undefined ? {} : { action }) });
  }

  refuse(code: FlowIssueCode, message: string): ParsedFlow {
    return { ok: false, issues: [...this.all, { severity: "error", code, message }] };
  }
}

function isLegacyExport(value: JsonObject): boolean {
  return value["Actions"] === undefined && Array.isArray(value["modules"]);
}

function readActions(values: readonly JsonValue[], issues: IssueList): Map<string, FlowAction> {
  if (values.length > ACTION_LIMIT) {
    issues.warn("too_many_actions", `${values.length} actions; Connect takes ${ACTION_LIMIT} at most`);
  }
  const actions = new Map<string, FlowAction>();
  for (const [index, value] of values.entries()) {
    const action = readAction(value, index, issues);
    if (action === undefined) continue;
    if (actions.has(action.identifier)) {
      issues.warn(
        "identifier_repeated",
        `"${action.identifier}" names two actions; the first one counts`,
        action.identifier,
      );
    } else actions.set(action.identifier, action);
  }
  return actions;
}

function readAction(value: JsonValue, index: number, issues: IssueList): FlowAction | undefined {
  if (!isObject(value)) {
    issues.warn("action_invalid", `Actions[${index}] is not an object`);
    return undefined;
  }
  const identifier = value["Identifier"];
  if (typeof identifier !== "string" || identifier === "") {
    issues.warn("identifier_missing", `Actions[${index}] has no Identifier`);
    return undefined;
  }
  if (identifier.length > IDENTIFIER_LIMIT || FORBIDDEN_IN_IDENTIFIER.test(identifier)) {
    issues.warn("identifier_invalid", `Connect refuses the identifier ${short(identifier)}`, identifier);
  }
  const transitions = objectAt(value, "Transitions");
  const next = transitions?.["NextAction"];
  return {
    identifier,
    type: typeof value["Type"] === "string" ? value["Type"] : "",
    parameters: objectAt(value, "Parameters") ?? {},
    next: typeof next === "string" && next !== "" ? next : undefined,
    conditions: arrayAt(transitions, "Conditions").flatMap((condition) => readCondition(condition) ?? []),
    errors: arrayAt(transitions, "Errors").flatMap((branch) => readErrorBranch(branch) ?? []),
  };
}

function readCondition(value: JsonValue): FlowCondition | undefined {
  if (!isObject(value)) return undefined;
  const condition = objectAt(value, "Condition");
  const operator = condition?.["Operator"];
  const next = value["NextAction"];
  if (typeof operator !== "string" || typeof next !== "string") return undefined;
  return { operator, operands: arrayAt(condition, "Operands").map((operand) => operandText(operand)), next };
}

/** Hand-written flows give numbers and booleans too. */
function operandText(operand: JsonValue): string {
  return typeof operand === "string" ? operand : JSON.stringify(operand);
}

function readErrorBranch(value: JsonValue): FlowErrorBranch | undefined {
  if (!isObject(value)) return undefined;
  const type = value["ErrorType"];
  const next = value["NextAction"];
  return typeof type === "string" && typeof next === "string" ? { type, next } : undefined;
}

function checkActions(actions: ReadonlyMap<string, FlowAction>, issues: IssueList): void {
  for (const action of actions.values()) {
    const { identifier, type } = action;
    if (!isKnownActionType(type)) issues.warn("type_unknown", unknownTypeMessage(type), identifier);
    for (const name of describeActionType(type)?.required ?? []) {
      if (action.parameters[name] === undefined) issues.warn("parameter_missing", `${type} needs ${name}`, identifier);
    }
    for (const { operator } of action.conditions) {
      if (!isKnownOperator(operator)) issues.warn("operator_unknown", unknownOperatorMessage(operator), identifier);
    }
    for (const target of targetsOf(action)) {
      if (!actions.has(target))
        issues.warn("target_missing", `leads to ${short(target)}, which is not in the flow`, identifier);
    }
  }
}

/** The developer guide speaks of operands that are conditions, yet none of its operators takes any (read 2026-11-25). */
const JOINING_OPERATORS: ReadonlySet<string> = new Set(["and", "or", "not"]);

function unknownOperatorMessage(operator: string): string {
  const isJoining = JOINING_OPERATORS.has(operator.toLowerCase());
  const advice = isJoining ? "; the Flow language joins no conditions: put one Compare after another" : "";
  return `${short(operator)} is no condition operator: it never holds${advice}`;
}

function unknownTypeMessage(type: string): string {
  const suggestion = suggestActionType(type);
  const advice = suggestion === undefined ? "" : `; the Flow language's word is ${suggestion}`;
  return type === "" ? "the action has no Type" : `${short(type)} is no action type of the Flow language${advice}`;
}

function targetsOf(action: FlowAction): Set<string> {
  const targets = new Set([...action.conditions, ...action.errors].map(({ next }) => next));
  if (action.next !== undefined) targets.add(action.next);
  return targets;
}

function reportUnreachable(start: string, actions: ReadonlyMap<string, FlowAction>, issues: IssueList): void {
  const reached = new Set([start]);
  // a Set may grow while it is walked: what is added is walked too
  for (const identifier of reached) {
    const action = actions.get(identifier);
    if (action !== undefined) for (const target of targetsOf(action)) reached.add(target);
  }
  for (const identifier of actions.keys())
    if (!reached.has(identifier)) issues.warn("unreachable", "no other action leads here", identifier);
}

function short(value: JsonValue | undefined): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
