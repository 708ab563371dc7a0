import type { SourceName, UnixMillis } from "@fourwire/core";
import { createAgentSession, startHeartbeat, type AgentSession } from "./agent-session.ts";
import { startApiTraffic } from "./api-traffic.ts";
import { createCallers } from "./callers.ts";
import { offerWaiting, startInboundContact } from "./contact-journey.ts";
import { drawPlan, MEAN_HANDLE_MS, SHOWCASE_PLAN } from "./contact-plan.ts";
import type { Contact } from "./contact.ts";
import type { Emission } from "./emission.ts";
import { EventQueue } from "./event-queue.ts";
import { startIncidents } from "./incident.ts";
import { createRandom } from "./prng.ts";
import { startShift } from "./shift.ts";
import type { Stage } from "./stage.ts";
import { createWorld } from "./world.ts";

export interface SimulationOptions {
  /** A whole number; the same seed, agents and start give the same bytes. */
  readonly seed: number;
  /** At least 1. */
  readonly agents: number;
  readonly startTime: UnixMillis;
}

/** An endless contact centre. Whoever reads it decides how fast time passes. */
export interface Simulation {
  /** The next record, in time order. */
  next(): Emission;
  /** The next record without taking it: its time says how long a paced reader has to wait. */
  peek(): Emission;
  emissions(): Generator<Emission, never>;
  /** The records up to and including an instant, then ends; call again with a later one to go on. */
  emissionsUntil(time: UnixMillis): Generator<Emission, void>;
}

/** How busy agents are on average. */
const OCCUPANCY = 0.72;
const FIRST_CONTACT_MS = 6_000;
/** The showcase contact comes again every ten minutes, so that a demo with history meets a fresh one. */
const SHOWCASE_PERIOD_MS = 600_000;

export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, agents, startTime } = options;
  if (!Number.isInteger(agents) || agents < 1) {
    throw new RangeError(`agents must be a whole number of at least 1: ${agents}`);
  }
  const written: Emission[] = [];
  const stage = createStage({ seed, agents, startTime }, written);
  raiseCurtain(stage);
  let position = 0;
  const peek = (): Emission => {
    for (;;) {
      const emission = written[position];
      if (emission !== undefined) return emission;
      // one task writes few records: the buffer holds one task's output at a time
      written.length = 0;
      position = 0;
      if (!stage.clock.runNext()) throw new Error("the simulation ran out of tasks");
    }
  };
  const next = (): Emission => {
    const emission = peek();
    position += 1;
    return emission;
  };
  return {
    next,
    peek,
    *emissions() {
      for (;;) yield next();
    },
    *emissionsUntil(time) {
      while (peek().time <= time) yield next();
    },
  };
}

function createStage({ seed, agents, startTime }: SimulationOptions, written: Emission[]): Stage {
  const random = createRandom(seed);
  const world = createWorld(random, agents);
  const clock = new EventQueue(startTime);
  const stage: Stage = {
    random,
    world,
    clock,
    emit: (source: SourceName, body: string) => {
      written.push({ time: clock.now, source, body });
    },
    agents: world.agents.map((profile) => createAgentSession(random, world, profile, startTime)),
    waiting: new Map<string, Contact[]>(Object.values(world.queues).map(({ id }) => [id, []])),
    callers: createCallers(random, world),
    published: { isLambdaBroken: false },
    agentBecameAvailable: (agent: AgentSession) => offerWaiting(stage, agent),
  };
  return stage;
}

function raiseCurtain(stage: Stage): void {
  for (const [index, agent] of stage.agents.entries()) {
    startShift(stage, agent, index);
    startHeartbeat(stage, agent);
  }
  startApiTraffic(stage);
  startIncidents(stage);
  showcase(stage, FIRST_CONTACT_MS);
  const meanMs = MEAN_HANDLE_MS / stage.agents.length / OCCUPANCY;
  // nobody may overtake the showcase contact on its way to the two agents who are there first
  stage.clock.after(FIRST_CONTACT_MS, () => receiveContacts(stage, meanMs));
}

function showcase(stage: Stage, afterMs: number): void {
  stage.clock.after(afterMs, () => {
    startInboundContact(stage, SHOWCASE_PLAN);
    showcase(stage, SHOWCASE_PERIOD_MS);
  });
}

function receiveContacts(stage: Stage, meanMs: number): void {
  stage.clock.after(stage.random.exponential(meanMs), () => {
    startInboundContact(stage, drawPlan(stage.random));
    receiveContacts(stage, meanMs);
  });
}
