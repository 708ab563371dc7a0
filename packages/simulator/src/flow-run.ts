import { instantText } from "./instant-text.ts";
import type { Contact } from "./contact.ts";
import type { FlowEffect, FlowOutcome } from "./flow-engine/flow-effect.ts";
import { playFlow } from "./flow-engine/play-flow.ts";
import { runFlow } from "./flow-engine/run-flow.ts";
import { flowContactOf, flowHostOf, hookedFlow } from "./flow-world.ts";
import { originOf } from "./region.ts";
import type { Stage } from "./stage.ts";
import type { FlowRunTruth } from "./truth.ts";
import type { Flow, Resource } from "./world.ts";

/** How a way through a flow ended, as far as the contact's journey depends on it. */
export type JourneyOutcome =
  | { readonly kind: "queued"; readonly queue: Resource }
  | { readonly kind: "hung_up" }
  | { readonly kind: "disconnected" }
  | { readonly kind: "done" };

/** The version of the main flow that a new contact enters; it keeps it, whatever is published meanwhile. */
export function publishedMainFlow({ world, conditions }: Stage): Flow {
  if (conditions.isLambdaBroken) return world.mainInboundBroken;
  return conditions.hasBotMenu ? world.mainInboundWithBot : world.mainInbound;
}

/** What a caller hears while waiting, logged under the same contact, until `stopFlow` or until it moves the caller. */
export function runCustomerQueue(stage: Stage, contact: Contact, moved: (queue: Resource) => void): void {
  const flow = hookedFlow(stage, contact, "CustomerQueue") ?? stage.world.customerQueue;
  enterFlow(stage, contact, flow, (outcome) => {
    if (outcome.kind === "queued") moved(outcome.queue);
  });
}

/** What the agent hears of the contact, and then the customer of the agent, where the flow has set it. */
export function runWhispers(stage: Stage, contact: Contact): void {
  const forAgent = hookedFlow(stage, contact, "AgentWhisper");
  const forCustomer = hookedFlow(stage, contact, "CustomerWhisper");
  const whisperToCustomer = (): void => {
    if (forCustomer !== undefined) enterFlow(stage, contact, forCustomer);
  };
  if (forAgent === undefined) whisperToCustomer();
  else enterFlow(stage, contact, forAgent, whisperToCustomer);
}

/** Runs a contact through a flow, from now on. The flow goes no further once the contact ends or is answered. */
export function enterFlow(
  stage: Stage,
  contact: Contact,
  flow: Flow,
  done: (outcome: JourneyOutcome) => void = () => undefined,
): void {
  stopFlow(contact);
  contact.flowContact ??= flowContactOf(stage, contact, undefined);
  const { flowContact } = contact;
  const startTime = stage.clock.now;
  const failedBlocks: string[] = [];
  const tell = (outcome: FlowRunTruth["outcome"]) =>
    stage.tell({
      kind: "flow_run",
      instance_id: stage.world.instance.id,
      contact_id: contact.id,
      flow_id: flow.id,
      flow_name: flow.name,
      start_time: instantText(startTime),
      end_time: instantText(stage.clock.now),
      outcome,
      failed_blocks: failedBlocks,
    });
  const steps = runFlow({
    flow,
    contact: flowContact,
    host: flowHostOf(stage, contact),
    random: stage.random,
    clock: stage.clock,
  });
  const play = playFlow(steps, stage.clock, {
    effect: (effect) => {
      if (effect.kind === "leave_block" && effect.isError) failedBlocks.push(effect.action);
      takeEffect(stage, contact, effect);
    },
    end: (outcome) => {
      contact.stopFlow = undefined;
      tell(TRUE_OUTCOMES[outcome.kind]);
      done(journeyOutcome(stage, outcome));
    },
  });
  if (play.isOver) return;
  contact.stopFlow = () => {
    play.stop();
    tell(contact.phase === "ended" ? "customer_left" : "waiting");
  };
}

/** The flow the contact is in goes no further. */
export function stopFlow(contact: Contact): void {
  const stop = contact.stopFlow;
  contact.stopFlow = undefined;
  stop?.();
}

function takeEffect(stage: Stage, contact: Contact, effect: FlowEffect): void {
  if (effect.kind === "log") stage.emit("flow_log", effect.body, { key: contact.id, origin: originOf(stage) });
  else if (effect.kind === "set_attributes") Object.assign(contact.attributes, effect.attributes);
}

const TRUE_OUTCOMES = {
  queued: "queued",
  disconnected: "disconnected",
  failed: "disconnected",
  dropped: "customer_left",
  transferred_to_agent: "transferred",
  transferred_to_number: "transferred",
  transferred_to_flow: "transferred",
  ended: "ended",
  returned: "ended",
} as const;

function journeyOutcome({ world }: Stage, outcome: FlowOutcome): JourneyOutcome {
  switch (outcome.kind) {
    case "queued": {
      const queue = Object.values(world.queues).find(({ id }) => id === outcome.queue.id);
      return queue === undefined ? { kind: "disconnected" } : { kind: "queued", queue };
    }
    case "dropped":
      return { kind: "hung_up" };
    case "disconnected":
    case "failed":
      return { kind: "disconnected" };
    case "ended":
    case "returned":
    case "transferred_to_agent":
    case "transferred_to_flow":
    case "transferred_to_number":
      return { kind: "done" };
  }
}
