import type { UnixMillis } from "@fourwire/core";
import type { AgentSession } from "./agent-session.ts";
import { leave, logIn } from "./agent-session.ts";
import { planPauses } from "./shift.ts";
import type { Stage } from "./stage.ts";
import type { AgentProfile, World } from "./world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Who is due already when a simulation begins logs in within this time. */
const CATCH_UP_MS = { least: 800, most: 55_000 } as const;
/** Part of their shift that agents are on pause. */
const PAUSE_PART = 0.13;

interface Shift {
  readonly startMs: number;
  readonly endMs: number;
}

/** The agent's shift on the local day of an instant; undefined on a day off. */
function shiftOn({ behavior }: AgentProfile, world: World, time: number): Shift | undefined {
  const offsetMs = world.localOffsetMs;
  const localMidnight = Math.floor((time + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const weekday = new Date(localMidnight + offsetMs).getUTCDay();
  if (behavior.daysOff.includes(weekday)) return undefined;
  const startMs = localMidnight + behavior.shiftStartHour * HOUR_MS;
  return { startMs, endMs: startMs + behavior.shiftHours * HOUR_MS };
}

/** How many agents the plan has at work at an instant, pauses taken off. */
export function staffingAt(world: World, time: UnixMillis): number {
  let staff = 0;
  for (const agent of world.agents) {
    const shift = shiftOn(agent, world, time);
    if (shift !== undefined && shift.startMs <= time && time < shift.endMs) staff += 1;
  }
  return staff * (1 - PAUSE_PART);
}

/** The hours of operation: seven to nine, local time, every day. */
export function isOpenAt({ localOffsetMs }: World, time: UnixMillis): boolean {
  const hour = ((((time + localOffsetMs) / HOUR_MS) % 24) + 24) % 24;
  return hour >= 7 && hour < 21;
}

/** What an agent does on coming to work. */
export type Begin = (stage: Stage, agent: AgentSession) => void;

/** Plans the agent's days, one after another, for as long as the simulation runs. */
export function startWorkingDays(stage: Stage, agent: AgentSession, begin: Begin = beginShift): void {
  planDay(stage, agent, { day: stage.clock.now, begin });
}

function beginShift(stage: Stage, agent: AgentSession): void {
  logIn(stage, agent);
  planPauses(stage, agent);
}

function planDay(stage: Stage, agent: AgentSession, { day, begin }: { day: number; begin: Begin }): void {
  const { now } = stage.clock;
  const shift = shiftOn(agent.profile, stage.world, day);
  const later = () => planDay(stage, agent, { day: day + DAY_MS, begin });
  if (shift === undefined || shift.endMs <= now) return wakeTomorrow(stage, day, later);
  const lateMs = stage.random.integer(-240_000, 300_000);
  const { least, most } = CATCH_UP_MS;
  const comesMs = shift.startMs + lateMs <= now ? stage.random.integer(least, most) : shift.startMs + lateMs - now;
  stage.clock.after(comesMs, () => work(stage, agent, { shift, begin }));
  wakeTomorrow(stage, day, later);
}

/** A little after local midnight of the next day. */
function wakeTomorrow(stage: Stage, day: number, act: () => void): void {
  const offsetMs = stage.world.localOffsetMs;
  const nextMidnight = (Math.floor((day + offsetMs) / DAY_MS) + 1) * DAY_MS - offsetMs;
  stage.clock.after(Math.max(1_000, nextMidnight + 60_000 - stage.clock.now), act);
}

function work(stage: Stage, agent: AgentSession, plan: { shift: Shift; begin: Begin }): void {
  // somebody who never closed yesterday's session begins a new one all the same
  if (stage.conditions.isDeleted) return;
  if (agent.contacts.length > 0) return stage.clock.after(60_000, () => work(stage, agent, plan));
  plan.begin(stage, agent);
  const leaveInMs = Math.max(60_000, plan.shift.endMs - stage.clock.now + stage.random.integer(-120_000, 240_000));
  const { shiftCount } = agent;
  stage.clock.after(leaveInMs, () => {
    if (agent.shiftCount === shiftCount) leave(stage, agent);
  });
}
