import type { UnixMillis } from "@fourwire/core";
import { AgentLedger } from "./agent-ledger.ts";
import { createAgentSession, startHeartbeat, type AgentSession } from "./agent-session.ts";
import { startApiTraffic } from "./api-traffic.ts";
import { OCCUPANCY, startArrivals, startInboundContact } from "./arrivals.ts";
import { createCallers } from "./callers.ts";
import { createConditions } from "./conditions.ts";
import { drawPlan, MEAN_HANDLE_MS, SHOWCASE_PLAN } from "./contact-plan.ts";
import type { Contact } from "./contact.ts";
import { converse } from "./conversation.ts";
import { Delivery } from "./delivery.ts";
import { startDemoIncident } from "./demo-incident.ts";
import type { Emission } from "./emission.ts";
import { EventQueue } from "./event-queue.ts";
import { startIncidents } from "./incidents/incidents.ts";
import { localOffsetMs } from "./local-time.ts";
import type { Place } from "./places.ts";
import { createRandom } from "./prng.ts";
import { offerWaiting, requeue } from "./routing.ts";
import { startShift } from "./shift.ts";
import type { Stage } from "./stage.ts";
import { startSupervision } from "./supervision.ts";
import type { Truth } from "./truth.ts";
import type { CcpLevel } from "./wires/ccp-log.ts";
import { startWorkingDays } from "./working-day.ts";
import { createWorld } from "./world.ts";

export interface SiteOptions {
  readonly seed: number;
  readonly agents: number;
  readonly place: Place;
  readonly startTime: UnixMillis;
  readonly endTime: UnixMillis | undefined;
  readonly isDemo: boolean;
  readonly incidents: readonly string[];
  readonly level: CcpLevel;
  readonly tell: (truth: Truth) => void;
}

/** One instance. */
export interface SiteSimulation {
  /** Undefined once the simulation's end has come; never for an endless one. */
  next(): Emission | undefined;
  peek(): Emission | undefined;
  finish(): void;
}

const FIRST_CONTACT_MS = 6_000;
/** The showcase contact comes again every ten minutes, so that a demo with history meets a fresh one. */
const SHOWCASE_PERIOD_MS = 600_000;
/** Keeps the browsers' generator away from the world's. */
const BROWSER_SEED = 0x5bd1e995;

export function createSiteSimulation(options: SiteOptions): SiteSimulation {
  const written: Emission[] = [];
  const stage = createStage(options, written);
  raiseCurtain(stage, options);
  let position = 0;
  const { endTime } = options;
  const peek = (): Emission | undefined => {
    for (;;) {
      const emission = written[position];
      if (emission !== undefined) return emission;
      // one task writes few records: the buffer holds one task's output at a time
      written.length = 0;
      position = 0;
      // nothing that happens after the end is run, so nothing of it is told
      if (endTime !== undefined && (stage.clock.nextTime ?? endTime) > endTime) return undefined;
      if (!stage.clock.runNext()) throw new Error("the simulation ran out of tasks");
    }
  };
  return {
    peek,
    next: () => {
      const emission = peek();
      position += 1;
      return emission;
    },
    finish: () => stage.ledger.finish(),
  };
}

function createStage(options: SiteOptions, written: Emission[]): Stage {
  const { seed, agents, startTime, endTime, place, isDemo, level, tell } = options;
  const random = createRandom(seed);
  const world = createWorld(random, {
    place,
    localOffsetMs: localOffsetMs(place, startTime, endTime),
    agents,
    isDemo,
  });
  const clock = new EventQueue(startTime);
  const origin = {
    accountId: place.accountId,
    region: place.region,
    alias: place.alias,
    instanceId: world.instance.id,
  };
  const delivery = new Delivery({ clock, origin, tell, write: (emission) => written.push(emission) });
  const stage: Stage = {
    random,
    browserRandom: createRandom(seed ^ BROWSER_SEED),
    world,
    clock,
    endTime,
    level,
    delivery,
    tell,
    emit: (source, body, about) => delivery.send(source, body, about),
    ledger: new AgentLedger(world.instance.id, tell),
    agents: world.agents.map((profile) => createAgentSession(random, world, profile, startTime)),
    supervisors: world.supervisors.map((profile) => createAgentSession(random, world, profile, startTime)),
    waiting: new Map<string, Contact[]>(Object.values(world.queues).map(({ id }) => [id, []])),
    callers: createCallers(random, world),
    conditions: createConditions(),
    touched: new Map(options.incidents.map((name) => [name, new Set<string>()])),
    agentBecameAvailable: (agent: AgentSession) => offerWaiting(stage, agent),
    requeue: (contact) => requeue(stage, contact),
    answered: (contact, leg) => converse(stage, contact, leg),
  };
  return stage;
}

function raiseCurtain(stage: Stage, options: SiteOptions): void {
  for (const [index, agent] of stage.agents.entries()) {
    if (options.isDemo) startShift(stage, agent, index);
    else startWorkingDays(stage, agent);
    startHeartbeat(stage, agent);
  }
  for (const supervisor of stage.supervisors) {
    startSupervision(stage, supervisor);
    startHeartbeat(stage, supervisor);
  }
  startApiTraffic(stage);
  if (options.isDemo) openDemo(stage);
  else stage.clock.after(FIRST_CONTACT_MS, () => startArrivals(stage));
  startIncidents(stage, options.incidents);
}

function openDemo(stage: Stage): void {
  startDemoIncident(stage);
  showcase(stage, FIRST_CONTACT_MS);
  const meanMs = MEAN_HANDLE_MS / stage.agents.length / OCCUPANCY;
  // nobody may overtake the showcase contact on its way to the two agents who are there first
  stage.clock.after(FIRST_CONTACT_MS, () => receiveCalls(stage, meanMs));
}

function showcase(stage: Stage, afterMs: number): void {
  stage.clock.after(afterMs, () => {
    startInboundContact(stage, SHOWCASE_PLAN);
    showcase(stage, SHOWCASE_PERIOD_MS);
  });
}

function receiveCalls(stage: Stage, meanMs: number): void {
  stage.clock.after(stage.random.exponential(meanMs), () => {
    startInboundContact(stage, drawPlan(stage.random));
    receiveCalls(stage, meanMs);
  });
}
