import { chooseStatus, leave, logIn, type AgentSession } from "./agent-session.ts";
import type { Stage } from "./stage.ts";
import type { AgentStatus } from "./world.ts";

const MINUTE_MS = 60_000;
/** Of a crew, so many log in within the first seconds; the others come within the first half hour. */
const EARLY_SHARE = 0.85;
const EARLY_LOGIN_MS = { least: 3_600, most: 19_000 } as const;
const LATE_LOGIN_MS = { least: 40_000, most: 30 * MINUTE_MS } as const;

/** The first two log in before all others, so that the first contact meets an agent whose browser sends a log. */
const FIRST_LOGINS_MS = [300, 1_100];

/** Time at work before a pause; a few take theirs early, so that a young simulation shows more than one status. */
const PAUSE_MS = { least: 6 * MINUTE_MS, most: 28 * MINUTE_MS } as const;
const EARLY_PAUSE_MS = { least: 80_000, most: 180_000 } as const;
const EARLY_PAUSE_SHARE = 0.15;

/** Plans an agent's working day: logging in, pauses, leaving, coming back. */
export function startShift(stage: Stage, agent: AgentSession, index: number): void {
  const isEarly = stage.random.chance(EARLY_SHARE);
  const { least, most } = isEarly ? EARLY_LOGIN_MS : LATE_LOGIN_MS;
  const drawnMs = stage.random.integer(least, most);
  // one early leaver, so that a short simulation has a LOGOUT too
  const shiftMs = index === 6 ? stage.random.integer(6, 11) * MINUTE_MS : drawShiftMs(stage);
  stage.clock.after(FIRST_LOGINS_MS[index] ?? drawnMs, () => work(stage, agent, shiftMs));
}

function drawShiftMs(stage: Stage): number {
  return stage.random.integer(120, 420) * MINUTE_MS;
}

function work(stage: Stage, agent: AgentSession, shiftMs: number): void {
  logIn(stage, agent);
  const isTired = stage.random.chance(EARLY_PAUSE_SHARE);
  planPause(stage, agent, isTired ? EARLY_PAUSE_MS : PAUSE_MS);
  stage.clock.after(shiftMs, () => leave(stage, agent));
  const awayMs = stage.random.integer(12, 40) * MINUTE_MS;
  stage.clock.after(shiftMs + awayMs, () => comeBack(stage, agent));
}

function comeBack(stage: Stage, agent: AgentSession): void {
  // a last contact may have kept the agent longer than planned
  if (agent.isLoggedIn) stage.clock.after(5 * MINUTE_MS, () => comeBack(stage, agent));
  else work(stage, agent, drawShiftMs(stage));
}

/** Pauses now and then, for as long as this login lasts. */
export function planPauses(stage: Stage, agent: AgentSession): void {
  planPause(stage, agent, PAUSE_MS);
}

function planPause(stage: Stage, agent: AgentSession, within: { least: number; most: number }): void {
  const { shiftCount } = agent;
  stage.clock.after(stage.random.integer(within.least, within.most), () => {
    if (!agent.isLoggedIn || agent.isLeaving || agent.isAbsent || agent.shiftCount !== shiftCount) return;
    const { status, durationMs } = drawPause(stage);
    chooseStatus(stage, agent, status);
    stage.clock.after(durationMs, () => endPause(stage, agent, { status, shiftCount }));
  });
}

interface Pause {
  readonly status: AgentStatus;
  readonly shiftCount: number;
}

function endPause(stage: Stage, agent: AgentSession, pause: Pause): void {
  if (!agent.isLoggedIn || agent.isLeaving || agent.isAbsent || agent.shiftCount !== pause.shiftCount) return;
  // still on the contact it had when it asked for the pause: the pause begins later and is as long
  if (agent.next?.status === pause.status) return stage.clock.after(MINUTE_MS, () => endPause(stage, agent, pause));
  chooseStatus(stage, agent, stage.world.statuses.available);
  planPause(stage, agent, PAUSE_MS);
}

function drawPause(stage: Stage): { status: AgentStatus; durationMs: number } {
  const { statuses } = stage.world;
  const draw = stage.random.next();
  if (draw < 0.7) return { status: statuses.break, durationMs: stage.random.integer(150, 420) * 1000 };
  if (draw < 0.85) return { status: statuses.lunch, durationMs: stage.random.integer(18, 32) * MINUTE_MS };
  return { status: statuses.training, durationMs: stage.random.integer(6, 14) * MINUTE_MS };
}
