import { unixMillis, type UnixMillis } from "@fourwire/core";
import { EventQueue } from "../event-queue.ts";
import type { Random } from "../prng.ts";
import { createFlowContact, type FlowChannel, type FlowContact } from "./flow-contact.ts";
import type { FlowEffect, FlowOutcome } from "./flow-effect.ts";
import type { FlowHost } from "./flow-host.ts";
import type { FlowLogForm } from "./flow-log-entry.ts";
import type { FlowResource } from "./flow-resource.ts";
import { playFlow, type FlowPlay } from "./play-flow.ts";
import { runFlow } from "./run-flow.ts";

/** One thing that happened to a customer. */
export type CustomerEvent =
  | { readonly kind: "effect"; readonly time: UnixMillis; readonly effect: FlowEffect }
  | { readonly kind: "outcome"; readonly time: UnixMillis; readonly flow: FlowResource; readonly outcome: FlowOutcome };

export interface CustomerOptions {
  /** Where the customer enters. */
  readonly flow: FlowResource;
  readonly host: FlowHost;
  readonly random: Random;
  readonly startTime: UnixMillis;
  readonly instanceArn: string;
  readonly channel: FlowChannel;
  readonly logForm: FlowLogForm;
  /** What flows before this one set: `$.Attributes` and `$.External`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly external: Readonly<Record<string, string>>;
  /** The working queue that a flow before set. */
  readonly queue: string | undefined;
}

/** Nobody stays longer: a flow that goes round for ever ends here. */
const PATIENCE_MS = 30 * 60_000;
const MEAN_QUEUE_MS = 40_000;
const MEAN_TALK_MS = 90_000;
const MEAN_HOLD_MS = 20_000;
const HOLD_SHARE = 0.2;
const ABANDON_SHARE = 0.15;
/** How often the agent hangs up first, which leaves the customer to the disconnect flow. */
const AGENT_LEAVES_SHARE = 0.4;

/**
 * A customer's whole way: the flow, the queue flow while waiting, the whisper flows when an agent answers, now and
 * then the hold flow, the disconnect flow when the agent leaves first. Which flows these are, the flow itself says by its hooks; those the host does not
 * have are left out with a warning. Several runs on one contact: logging and attributes go with it.
 */
export function followCustomer(options: CustomerOptions): readonly CustomerEvent[] {
  const clock = new EventQueue(options.startTime);
  const life = new CustomerLife(options, clock);
  life.begin();
  while (!life.isOver && clock.runNext());
  return life.events;
}

class CustomerLife {
  readonly events: CustomerEvent[] = [];
  isOver = false;
  readonly #contact: FlowContact;
  readonly #options: CustomerOptions;
  readonly #clock: EventQueue;

  constructor(options: CustomerOptions, clock: EventQueue) {
    const { random } = options;
    this.#options = options;
    this.#clock = clock;
    this.#contact = createFlowContact({
      id: random.uuid(),
      instanceArn: options.instanceArn,
      channel: options.channel,
      // Ofcom keeps +44 7700 900000 to 900999 for drama
      customerAddress: `+447700900${String(random.integer(0, 999)).padStart(3, "0")}`,
      systemAddress: "+442079460100",
    });
    for (const [key, value] of Object.entries(options.attributes)) this.#contact.attributes.set(key, value);
    this.#contact.queue = options.queue === undefined ? undefined : options.host.findQueue(options.queue);
  }

  begin(): void {
    const play = this.#play(this.#options.flow, (outcome) => {
      if (outcome.kind === "queued") this.#queue();
      else this.isOver = true;
    });
    this.#clock.after(PATIENCE_MS, () => this.#leave(play));
  }

  /** The customer hangs up, whatever is going on. */
  #leave(play: FlowPlay): void {
    if (!play.isOver) this.#note({ kind: "dropped" }, this.#options.flow);
    play.stop();
    this.isOver = true;
  }

  #queue(): void {
    const { random } = this.#options;
    const flow = this.#hooked("CustomerQueue");
    const waited =
      flow === undefined
        ? undefined
        : this.#play(flow, (outcome) => {
            if (outcome.kind === "disconnected") this.isOver = true;
          });
    this.#clock.after(random.exponential(MEAN_QUEUE_MS), () => {
      waited?.stop();
      if (random.chance(ABANDON_SHARE)) this.isOver = true;
      else this.#connect();
    });
  }

  #connect(): void {
    this.#contact.agent = { UserName: "ana.example", FirstName: "Ana", LastName: "Example" };
    this.#whisper("AgentWhisper", () => this.#whisper("CustomerWhisper", () => this.#talk()));
  }

  #whisper(hook: string, next: () => void): void {
    const flow = this.#hooked(hook);
    if (flow === undefined) return next();
    this.#play(flow, next);
  }

  #talk(): void {
    const { random } = this.#options;
    this.#clock.after(random.exponential(MEAN_TALK_MS), () => {
      const flow = random.chance(HOLD_SHARE) ? this.#hooked("CustomerHold") : undefined;
      if (flow === undefined) this.#part();
      else this.#hold(flow);
    });
  }

  /** The hold flow plays until the agent is back. */
  #hold(flow: FlowResource): void {
    const held = this.#play(flow, () => undefined);
    this.#clock.after(this.#options.random.exponential(MEAN_HOLD_MS), () => {
      held.stop();
      this.#part();
    });
  }

  #part(): void {
    const flow = this.#options.random.chance(AGENT_LEAVES_SHARE) ? this.#hooked("CustomerRemaining") : undefined;
    if (flow === undefined) this.isOver = true;
    else
      this.#play(flow, () => {
        this.isOver = true;
      });
  }

  /** The flow hung on an event; undefined where there is none, or it is not at hand. */
  #hooked(hook: string): FlowResource | undefined {
    const reference = this.#contact.hooks.get(hook);
    if (reference === undefined) return undefined;
    const flow = this.#options.host.findFlow(reference);
    if (flow === undefined) {
      const message = `the ${hook} flow ${JSON.stringify(reference)} is not at hand and is left out`;
      this.#effect({ kind: "warning", code: "flow_not_found", message, action: hook });
    }
    return flow;
  }

  #play(flow: FlowResource, end: (outcome: FlowOutcome) => void): FlowPlay {
    const { host, random, logForm, external } = this.#options;
    const steps = runFlow({ flow, contact: this.#contact, host, random, clock: this.#clock, logForm, external });
    return playFlow(steps, this.#clock, {
      effect: (effect) => this.#effect(effect),
      end: (outcome) => {
        this.#note(outcome, flow);
        end(outcome);
      },
    });
  }

  #effect(effect: FlowEffect): void {
    this.events.push({ kind: "effect", time: this.#clock.now, effect });
  }

  #note(outcome: FlowOutcome, flow: FlowResource): void {
    this.events.push({ kind: "outcome", time: unixMillis(this.#clock.now), flow, outcome });
  }
}
