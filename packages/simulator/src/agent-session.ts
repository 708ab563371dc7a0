import type { UnixMillis } from "@fourwire/core";
import { createBrowser, openBrowser, closeBrowser, showSnapshot, type Browser } from "./browser.ts";
import type { Stage } from "./stage.ts";
import { writeAgentEvent, writeSnapshot, type AgentContact, type AgentEventType } from "./wires/agent-event.ts";
import type { Random } from "./prng.ts";
import type { AgentProfile, AgentStatus, RoutingProfile, World } from "./world.ts";

/** Connect beats every 120 s on a fixed phase per agent, unless another event fell into those 120 s. */
const HEARTBEAT_PERIOD_MS = 120_000;
/** Beats go on for up to an hour after logout (AWS docs, read 2026-11-20). */
const HEARTBEAT_AFTER_LOGOUT_MS = 3_600_000;

/** An agent at work. */
export interface AgentSession {
  readonly profile: AgentProfile;
  /** Absent where no collector runs. */
  readonly browser: Browser | undefined;
  readonly heartbeatPhaseMs: number;
  routingProfile: RoutingProfile;
  isLoggedIn: boolean;
  isLeaving: boolean;
  /** Counts logins, so that what an earlier shift still had planned is dropped. */
  shiftCount: number;
  status: AgentStatus;
  statusStartTime: UnixMillis;
  next: { readonly status: AgentStatus; readonly enqueuedTime: UnixMillis } | undefined;
  contacts: AgentContact[];
  /** The current snapshot as last written; "null" from login to the first status. */
  snapshot: string;
  lastEventTime: UnixMillis | undefined;
  logOutTime: UnixMillis | undefined;
  /** Since when the agent waits for a contact; the longest waiting is offered the next one. */
  idleSinceTime: UnixMillis;
}

export function createAgentSession(
  random: Random,
  world: World,
  profile: AgentProfile,
  startTime: UnixMillis,
): AgentSession {
  return {
    profile,
    browser: profile.hasCollector ? createBrowser(profile) : undefined,
    heartbeatPhaseMs: random.integer(0, HEARTBEAT_PERIOD_MS - 1),
    routingProfile: profile.routingProfile,
    isLoggedIn: false,
    isLeaving: false,
    shiftCount: 0,
    status: world.statuses.offline,
    statusStartTime: startTime,
    next: undefined,
    contacts: [],
    snapshot: "null",
    lastEventTime: undefined,
    logOutTime: undefined,
    idleSinceTime: startTime,
  };
}

export function isAvailable(agent: AgentSession): boolean {
  return (
    agent.isLoggedIn && agent.status.type === "ROUTABLE" && agent.next === undefined && agent.contacts.length === 0
  );
}

export function logIn(stage: Stage, agent: AgentSession): void {
  agent.isLoggedIn = true;
  agent.isLeaving = false;
  agent.shiftCount += 1;
  agent.logOutTime = undefined;
  // real LOGIN events have two null snapshots, and so has the first status change as its previous one
  agent.snapshot = "null";
  emitAgentEvent(stage, agent, "LOGIN", { current: "null", previous: "null" });
  if (agent.browser !== undefined) openBrowser(stage, agent.browser);
  stage.clock.after(stage.random.integer(900, 2_400), () => applyStatus(stage, agent, stage.world.statuses.available));
}

/** The agent chooses a status: at once when free, else it is queued until the contact is cleared. */
export function chooseStatus(stage: Stage, agent: AgentSession, status: AgentStatus): void {
  if (agent.contacts.length === 0) return applyStatus(stage, agent, status);
  agent.next = { status, enqueuedTime: stage.clock.now };
  publishState(stage, agent);
}

function applyStatus(stage: Stage, agent: AgentSession, status: AgentStatus): void {
  if (!agent.isLoggedIn) return;
  agent.status = status;
  agent.statusStartTime = stage.clock.now;
  agent.next = undefined;
  publishState(stage, agent);
  if (agent.isLeaving && status.type === "OFFLINE") {
    stage.clock.after(stage.random.integer(2_000, 20_000), () => logOut(stage, agent));
  } else becomeAvailable(stage, agent);
}

export function leave(stage: Stage, agent: AgentSession): void {
  agent.isLeaving = true;
  chooseStatus(stage, agent, stage.world.statuses.offline);
}

function logOut(stage: Stage, agent: AgentSession): void {
  agent.isLoggedIn = false;
  agent.logOutTime = stage.clock.now;
  emitAgentEvent(stage, agent, "LOGOUT", { current: agent.snapshot, previous: agent.snapshot });
  if (agent.browser !== undefined) closeBrowser(stage, agent.browser);
}

/** Somebody moved the agent to another routing profile in the admin website. */
export function changeRoutingProfile(stage: Stage, agent: AgentSession, routingProfile: RoutingProfile): void {
  agent.routingProfile = routingProfile;
  if (agent.isLoggedIn && agent.snapshot !== "null") publishState(stage, agent);
  becomeAvailable(stage, agent);
}

/** The agent's contact is gone from the CCP; a queued status takes effect. */
export function clearContact(stage: Stage, agent: AgentSession): void {
  agent.contacts = [];
  publishState(stage, agent);
  const { next } = agent;
  if (next === undefined) return becomeAvailable(stage, agent);
  stage.clock.after(30, () => {
    if (agent.next === next) applyStatus(stage, agent, next.status);
  });
}

function becomeAvailable(stage: Stage, agent: AgentSession): void {
  agent.idleSinceTime = stage.clock.now;
  if (isAvailable(agent)) stage.agentBecameAvailable(agent);
}

/** Writes a STATE_CHANGE for whatever has just changed, and lets the browser see it. */
export function publishState(stage: Stage, agent: AgentSession): void {
  const previous = agent.snapshot;
  agent.snapshot = writeSnapshot(agent);
  emitAgentEvent(stage, agent, "STATE_CHANGE", { current: agent.snapshot, previous });
  if (agent.browser !== undefined) showSnapshot(stage, agent.browser, agent);
}

/** Starts the agent's heartbeat; it ticks for ever and stays silent when it has nothing to confirm. */
export function startHeartbeat(stage: Stage, agent: AgentSession): void {
  stage.clock.after(agent.heartbeatPhaseMs, () => beat(stage, agent));
}

function beat(stage: Stage, agent: AgentSession): void {
  const { now } = stage.clock;
  stage.clock.after(HEARTBEAT_PERIOD_MS, () => beat(stage, agent));
  if (agent.lastEventTime === undefined || agent.snapshot === "null") return;
  if (now - agent.lastEventTime < HEARTBEAT_PERIOD_MS) return;
  if (agent.logOutTime !== undefined && now - agent.logOutTime > HEARTBEAT_AFTER_LOGOUT_MS) return;
  emitAgentEvent(stage, agent, "HEART_BEAT", { current: agent.snapshot, previous: agent.snapshot });
}

interface Snapshots {
  readonly current: string;
  readonly previous: string;
}

function emitAgentEvent(stage: Stage, agent: AgentSession, type: AgentEventType, snapshots: Snapshots): void {
  const time = stage.clock.now;
  agent.lastEventTime = time;
  const event = {
    agent: agent.profile,
    instanceArn: stage.world.instance.arn,
    eventId: stage.random.uuid(),
    time,
    type,
  };
  stage.emit("agent_event", writeAgentEvent({ ...event, ...snapshots }));
}
