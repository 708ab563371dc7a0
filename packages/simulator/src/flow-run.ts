import { formatInstant } from "@fourwire/core";
import type { Contact } from "./contact.ts";
import { logUpdateContactAttributes } from "./contact-api-calls.ts";
import type { Stage } from "./stage.ts";
import type { FlowRunTruth } from "./truth.ts";
import type { Flow, Resource } from "./world.ts";
import { writeFlowLog, type FlowLogEntry } from "./wires/flow-log.ts";

/** One entry of a contact's way through a flow, at its delay after the one before. */
export interface FlowStep {
  readonly delayMs: number;
  readonly entry: Omit<FlowLogEntry, "contactId">;
  /** What else happens with the entry. */
  readonly act?: () => void;
}

/** How a run of the main flow ended. */
export type FlowOutcome = { readonly kind: "queued"; readonly queue: Resource } | { readonly kind: "hung_up" };

const VOICE = "Amy";
/** What a failed or late function writes; the log does not tell the two apart. */
const LAMBDA_ERROR = "The Lambda Function Returned An Error.";
const LAMBDA_LIMIT_MS = 8_000;
const MENU_LIMIT_MS = 5_000;
const CONFUSED_ROUNDS = 6;

/**
 * Runs a contact through "Main inbound" and tells the outcome. The way is laid out at the start: a contact keeps the
 * version of the flow that it entered with, whatever is published meanwhile.
 */
export function runMainInbound(stage: Stage, contact: Contact, done: (outcome: FlowOutcome) => void): void {
  const failure = lambdaFailure(stage, contact);
  const hasAnswer = failure === undefined;
  const flow = stage.world.mainInbound;
  const steps = [...opening(stage), ...lookup(stage, contact, failure)];
  const way = { flow, failedBlocks: hasAnswer ? [] : [flow.blocks["lookup"] ?? ""] };
  if (!hasAnswer) {
    const queue = stage.world.queues.support;
    const rest = [...apology(stage), ...queueing(stage, "default_queue", queue)];
    return play(stage, contact, { ...way, steps: [...steps, ...rest], outcome: "queued" }, () =>
      done({ kind: "queued", queue }),
    );
  }
  steps.push(...menu(stage, contact));
  if (contact.plan.menu === "hang_up") {
    return play(stage, contact, { ...way, steps, outcome: "customer_left" }, () => {
      stage.clock.after(stage.random.integer(400, 3_000), () => done({ kind: "hung_up" }));
    });
  }
  const queue = queueChosen(stage, contact);
  const last = [...attributes(stage, contact, queue), ...queueing(stage, "queue", queue)];
  play(stage, contact, { ...way, steps: [...steps, ...last], outcome: "queued" }, () =>
    done({ kind: "queued", queue }),
  );
}

type LambdaFailure = "broken" | "times_out" | undefined;

function lambdaFailure({ conditions }: Stage, { plan, incidents }: Contact): LambdaFailure {
  if (conditions.isLambdaBroken) {
    incidents.add("bad-flow-publish");
    return "broken";
  }
  if (conditions.isLambdaSlow) {
    incidents.add("lambda-timeout");
    return "times_out";
  }
  return plan.lambda === "times_out" ? "times_out" : undefined;
}

/** What the caller hears while waiting: the customer queue flow, logged under the same contact. */
export function runCustomerQueue(stage: Stage, contact: Contact): void {
  const step = (delayMs: number, parameters: Record<string, string>): FlowStep => ({
    delayMs,
    entry: { flow: stage.world.customerQueue, block: "loop", moduleType: "AddToPlayLoop", parameters },
  });
  const steps = [
    step(24, { Text: "Thank you for waiting. We will be with you shortly.", Voice: VOICE }),
    step(3, { AudioPrompt: stage.world.holdMusic.arn }),
    step(2, {}),
  ];
  play(stage, contact, { flow: stage.world.customerQueue, steps, outcome: "waiting", failedBlocks: [] });
}

export function runAgentTransfer(stage: Stage, contact: Contact, done: () => void): void {
  const flow = stage.world.agentTransfer;
  const parameters = { Text: "Transferring now.", TextToSpeechType: "text", Voice: VOICE };
  const steps: FlowStep[] = [
    { delayMs: 20, entry: { flow, block: "announcement", moduleType: "PlayPrompt", parameters } },
    { delayMs: 900, entry: { flow, block: "transfer", moduleType: "Transfer", parameters: {} } },
  ];
  play(stage, contact, { flow, steps, outcome: "transferred", failedBlocks: [] }, done);
}

/** A contact's way through one flow. */
interface FlowWay {
  readonly flow: Flow;
  readonly steps: readonly FlowStep[];
  readonly outcome: FlowRunTruth["outcome"];
  readonly failedBlocks: readonly string[];
}

/** Takes the steps one after another; a contact that ends meanwhile leaves the rest undone. */
export function play(stage: Stage, contact: Contact, way: FlowWay, done?: () => void): void {
  const startTime = stage.clock.now;
  const tell = (outcome: FlowRunTruth["outcome"], failedBlocks: readonly string[]) =>
    stage.tell({
      kind: "flow_run",
      instance_id: stage.world.instance.id,
      contact_id: contact.id,
      flow_id: way.flow.id,
      flow_name: way.flow.name,
      start_time: formatInstant(startTime),
      end_time: formatInstant(stage.clock.now),
      outcome,
      failed_blocks: failedBlocks,
    });
  const next = (index: number): void => {
    const step = way.steps[index];
    if (step === undefined) {
      tell(way.outcome, way.failedBlocks);
      return done?.();
    }
    stage.clock.after(Math.round(step.delayMs * contact.plan.flowPace), () => {
      if (contact.phase === "ended") return tell("customer_left", []);
      const entry = { contactId: contact.id, ...step.entry };
      stage.emit("flow_log", writeFlowLog(entry, stage.clock.now), { key: contact.id });
      step.act?.();
      next(index + 1);
    });
  };
  next(0);
}

function block(flow: Flow, name: string, moduleType: string) {
  return { flow, block: name, moduleType };
}

function opening(stage: Stage): FlowStep[] {
  const flow = stage.world.mainInbound;
  const recording = {
    RecordingBehaviorOption: stage.conditions.isRecordingOff ? "Disable" : "Enable",
    RecordingParticipantOption: "All",
    AnalyticsBehaviorOption: "Disable",
  };
  const welcome = { Text: "Welcome to Example Energy.", TextToSpeechType: "text", Voice: VOICE };
  return [
    {
      delayMs: 40,
      entry: { ...block(flow, "logging", "SetLoggingBehavior"), parameters: { LoggingBehavior: "Enable" } },
    },
    { delayMs: 9, entry: { ...block(flow, "recording", "SetRecordingBehavior"), parameters: recording } },
    { delayMs: 18, entry: { ...block(flow, "welcome", "PlayPrompt"), parameters: welcome } },
    {
      delayMs: 2_600,
      entry: {
        ...block(flow, "hours", "CheckHoursOfOperation"),
        parameters: { Hours: stage.world.hours.arn },
        results: "true",
      },
    },
  ];
}

/** The Lambda block: an entry with its parameters, an exit with the answer or the error. */
function lookup(stage: Stage, contact: Contact, failure: LambdaFailure): FlowStep[] {
  const flow = stage.world.mainInbound;
  const lambda = block(flow, "lookup", "InvokeExternalResource");
  const parameters = {
    // the broken version calls an alias that does not exist
    FunctionArn: failure === "broken" ? `${stage.world.lookupFunctionArn}:next` : stage.world.lookupFunctionArn,
    TimeLimit: String(LAMBDA_LIMIT_MS),
    ResponseValidation: "ResponseType=STRING_MAP",
    Parameters: { phoneNumber: contact.customerNumber ?? "" },
  };
  const { tier, writesAttributes, flowPace } = contact.plan;
  const started = { delayMs: 21, entry: { ...lambda, parameters } };
  if (failure === "broken") return [started, { delayMs: 96, entry: { ...lambda, results: LAMBDA_ERROR } }];
  // the limit is the function's, not the caller's pace
  if (failure === "times_out")
    return [started, { delayMs: LAMBDA_LIMIT_MS / flowPace, entry: { ...lambda, results: LAMBDA_ERROR } }];
  const externalResults = { tier, accountStatus: "active", openCases: String(stage.random.integer(0, 3)) };
  const act = writesAttributes ? () => logUpdateContactAttributes(stage, contact, { lastLookup: "found" }) : undefined;
  return [
    started,
    {
      delayMs: stage.random.integer(180, 900),
      entry: { ...lambda, externalResults },
      ...(act === undefined ? {} : { act }),
    },
    ...tierChecks(stage, contact),
  ];
}

/** One entry per condition tested, until one holds; the attribute's name is not logged, only its value. */
function tierChecks(stage: Stage, contact: Contact): FlowStep[] {
  const check = (SecondValue: string): FlowStep => ({
    delayMs: 4,
    entry: {
      ...block(stage.world.mainInbound, "tier", "CheckAttribute"),
      parameters: { ComparisonMethod: "Equals", Value: contact.plan.tier, SecondValue },
      results: String(contact.plan.tier === SecondValue),
    },
  });
  return contact.plan.tier === "gold" ? [check("gold")] : [check("gold"), check("silver")];
}

function menu(stage: Stage, contact: Contact): FlowStep[] {
  if (stage.conditions.isBotConfused) return confusedBot(stage, contact);
  const input = block(stage.world.mainInbound, "menu", "GetUserInput");
  const parameters = {
    MaxDigits: "1",
    Text: "For support press 1, for sales press 2, for billing press 3.",
    TextToSpeechType: "text",
    Timeout: String(MENU_LIMIT_MS),
    Voice: VOICE,
  };
  const started = { delayMs: 12, entry: { ...input, parameters } };
  // a caller who hangs up inside the menu leaves an entry without its exit
  if (contact.plan.menu === "hang_up") return [started];
  if (contact.plan.menu === "timeout")
    return [started, { delayMs: 4_000 + MENU_LIMIT_MS, entry: { ...input, results: "Timeout" } }];
  return [started, { delayMs: stage.random.integer(2_200, 4_600), entry: { ...input, results: contact.plan.menu } }];
}

/** The bot that the menu is today understands nothing: it is asked again and again, and a queue is chosen for the caller. */
function confusedBot(stage: Stage, contact: Contact): FlowStep[] {
  contact.incidents.add("lex-fallback-loop");
  const input = block(stage.world.mainInbound, "menu", "GetUserInput");
  const parameters = {
    BotAliasArn: stage.world.bot.aliasArn,
    Text: "How can we help you today?",
    TextToSpeechType: "text",
    Timeout: String(MENU_LIMIT_MS),
    Voice: VOICE,
  };
  return Array.from({ length: CONFUSED_ROUNDS }, () => [
    { delayMs: 14, entry: { ...input, parameters } },
    // the log writes the intent with one capital
    { delayMs: stage.random.integer(3_800, 6_200), entry: { ...input, results: "Fallbackintent" } },
  ]).flat();
}

function queueChosen(stage: Stage, contact: Contact): Resource {
  const { support, sales, billing } = stage.world.queues;
  if (contact.plan.menu === "2") return sales;
  return contact.plan.menu === "3" ? billing : support;
}

function attributes(stage: Stage, contact: Contact, queue: Resource): FlowStep[] {
  const wanted = { tier: contact.plan.tier, reason: queue.name.toLowerCase(), language: "en-GB" };
  Object.assign(contact.attributes, wanted);
  return Object.entries(wanted).map(([Key, Value]) => ({
    delayMs: 3,
    entry: {
      ...block(stage.world.mainInbound, "attributes", "SetAttributes"),
      parameters: { Key, Value, AddAttributeToRelatedContact: "false" },
    },
  }));
}

function apology(stage: Stage): FlowStep[] {
  const parameters = { Text: "We could not find your account. Please hold.", TextToSpeechType: "text", Voice: VOICE };
  return [{ delayMs: 11, entry: { ...block(stage.world.mainInbound, "apology", "PlayPrompt"), parameters } }];
}

function queueing(stage: Stage, setter: "queue" | "default_queue", queue: Resource): FlowStep[] {
  const flow = stage.world.mainInbound;
  const delayMs = setter === "default_queue" ? 3_100 : 7;
  return [
    { delayMs, entry: { ...block(flow, setter, "SetQueue"), parameters: { Queue: queue.arn } } },
    { delayMs: 12, entry: { ...block(flow, "staffing", "CheckStaffing"), parameters: {}, results: "true" } },
    // "false" answers the at-capacity branch: the transfer succeeds
    { delayMs: 26, entry: { ...block(flow, "transfer", "Transfer"), parameters: {}, results: "false" } },
  ];
}
