import type { UnixMillis } from "@fourwire/core";
import { createBrowser, openBrowser, closeBrowser, showSnapshot, type Browser } from "./browser.ts";
import type { Stage } from "./stage.ts";
import {
  freeSlots,
  writeAgentEvent,
  writeSnapshot,
  type AgentContact,
  type AgentEventType,
} from "./wires/agent-event.ts";
import type { Random } from "./prng.ts";
import type { AgentProfile, AgentStatus, Channel, RoutingProfile, World } from "./world.ts";

/** Connect beats every 120 s on a fixed phase per agent, unless another event fell into those 120 s. */
const HEARTBEAT_PERIOD_MS = 120_000;
/** Beats go on for up to an hour after the session (AWS docs, read 2026-11-20). */
const HEARTBEAT_AFTER_SESSION_MS = 3_600_000;
/** A session nobody ends is over after 12 hours (AWS docs, login and logout reports, read 2026-11-20). */
const SESSION_LIMIT_MS = 12 * 3_600_000;

/** An agent at work. */
export interface AgentSession {
  readonly profile: AgentProfile;
  /** Absent where no collector runs. */
  readonly browser: Browser | undefined;
  readonly heartbeatPhaseMs: number;
  routingProfile: RoutingProfile;
  /** Connect holds a session; true also for a while after the browser is gone. */
  isLoggedIn: boolean;
  isLeaving: boolean;
  /** The page is gone or asleep while Connect still counts on it. */
  isAbsent: boolean;
  /** Counts logins, so that what an earlier shift still had planned is dropped. */
  shiftCount: number;
  status: AgentStatus;
  statusStartTime: UnixMillis;
  next: { readonly status: AgentStatus; readonly enqueuedTime: UnixMillis } | undefined;
  contacts: AgentContact[];
  /** The current snapshot as last written; "null" from login to the first status. */
  snapshot: string;
  lastEventTime: UnixMillis | undefined;
  sessionEndTime: UnixMillis | undefined;
  /** Since when the agent waits for a contact; the longest waiting is offered the next one. */
  idleSinceTime: UnixMillis;
  /** The Region the agent works in, where the instance has two; undefined where it has one. */
  region: string | undefined;
  configuredRegions: readonly string[];
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
    isAbsent: false,
    shiftCount: 0,
    status: world.statuses.offline,
    statusStartTime: startTime,
    next: undefined,
    contacts: [],
    snapshot: "null",
    lastEventTime: undefined,
    sessionEndTime: undefined,
    idleSinceTime: startTime,
    region: undefined,
    configuredRegions: [],
  };
}

/** Whether Connect would offer the agent a contact of this channel now. */
export function hasRoom(agent: AgentSession, channel: Channel): boolean {
  if (!agent.isLoggedIn || agent.status.type !== "ROUTABLE" || agent.next !== undefined) return false;
  if (agent.snapshot === "null" || agent.contacts.some(({ trouble }) => trouble !== undefined)) return false;
  const slot = agent.routingProfile.concurrency.find((candidate) => candidate.channel === channel);
  return slot !== undefined && freeSlots(agent, channel, slot.maximum) > 0;
}

/** `first` is the status that the page takes by itself. */
export function logIn(stage: Stage, agent: AgentSession, first = stage.world.statuses.available): void {
  agent.isLoggedIn = true;
  agent.isLeaving = false;
  agent.isAbsent = false;
  agent.shiftCount += 1;
  agent.sessionEndTime = undefined;
  // real LOGIN events have two null snapshots, and so has the first status change as its previous one
  agent.snapshot = "null";
  stage.ledger.logIn(agent, stage.clock.now);
  emitAgentEvent(stage, agent, "LOGIN", { current: "null", previous: "null" });
  if (agent.browser !== undefined) openBrowser(stage, agent.browser);
  const { shiftCount } = agent;
  stage.clock.after(stage.random.integer(900, 2_400), () => {
    if (agent.shiftCount === shiftCount) applyStatus(stage, agent, first);
  });
  stage.clock.after(SESSION_LIMIT_MS, () => {
    if (agent.isLoggedIn && agent.shiftCount === shiftCount) endSession(stage, agent, "expired");
  });
}

/** The agent chooses a status: at once when free, else it is queued until the contact is cleared. */
export function chooseStatus(stage: Stage, agent: AgentSession, status: AgentStatus): void {
  if (agent.contacts.length === 0) return applyStatus(stage, agent, status);
  const isDone = agent.contacts.every(({ state }) => state === "ENDED");
  if (isDone && stage.random.chance(agent.profile.behavior.cutsAfterContactWorkShare)) {
    return dropContacts(agent, () => applyStatus(stage, agent, status));
  }
  agent.next = { status, enqueuedTime: stage.clock.now };
  publishState(stage, agent);
}

/** After-contact work ends because the agent changes to another status: one event shows both. */
function dropContacts(agent: AgentSession, act: () => void): void {
  const dropped = agent.contacts;
  for (const held of dropped) held.closedBy = "status_change";
  agent.contacts = [];
  act();
  for (const held of dropped) held.removed();
}

/** The status as Connect has it from now on, whoever set it. */
function applyStatus(stage: Stage, agent: AgentSession, status: AgentStatus): void {
  if (!agent.isLoggedIn) return;
  agent.status = status;
  agent.statusStartTime = stage.clock.now;
  agent.next = undefined;
  publishState(stage, agent);
  if (agent.isLeaving && status.type === "OFFLINE") {
    const { shiftCount } = agent;
    stage.clock.after(stage.random.integer(2_000, 20_000), () => {
      if (agent.shiftCount === shiftCount) goHome(stage, agent);
    });
  } else becomeAvailable(stage, agent);
}

export function leave(stage: Stage, agent: AgentSession): void {
  // who is not at the desk leaves nothing: the session stays until somebody or its limit ends it
  if (!agent.isLoggedIn || agent.isLeaving || agent.isAbsent) return;
  agent.isLeaving = true;
  chooseStatus(stage, agent, stage.world.statuses.offline);
}

function goHome(stage: Stage, agent: AgentSession): void {
  if (!agent.isLoggedIn) return;
  switch (agent.profile.behavior.goesHome) {
    case "logs_out":
      return logOut(stage, agent);
    case "closes_browser":
      return endSession(stage, agent, "browser_closed");
    case "leaves_it_open":
      // the page stays open; the session ends by itself
      return;
  }
}

/** LOGOUT; contacts in after-contact work go with it. */
export function logOut(stage: Stage, agent: AgentSession): void {
  const dropped = agent.contacts;
  emitAgentEvent(stage, agent, "LOGOUT", { current: agent.snapshot, previous: agent.snapshot });
  for (const held of dropped) held.closedBy = "logout";
  agent.contacts = [];
  if (dropped.length > 0) {
    stage.ledger.observe(agent, stage.clock.now);
    // no event said so, and no heartbeat may repeat what is over
    agent.snapshot = "null";
  }
  endSession(stage, agent, "logout");
  for (const held of dropped) held.removed();
}

function endSession(stage: Stage, agent: AgentSession, endedBy: "logout" | "browser_closed" | "expired"): void {
  agent.isLoggedIn = false;
  agent.sessionEndTime = stage.clock.now;
  stage.ledger.endSession(agent, stage.clock.now, endedBy);
  if (agent.browser?.isOpen === true) closeBrowser(stage, agent.browser);
}

/** The window is closed, and Connect goes on counting on the agent: nothing on the stream says otherwise. */
export function vanish(stage: Stage, agent: AgentSession): void {
  agent.isAbsent = true;
  stage.ledger.endSession(agent, stage.clock.now, "browser_closed");
  if (agent.browser?.isOpen === true) closeBrowser(stage, agent.browser);
}

/** A supervisor sets an absent agent offline: the status changes, and the session Connect held is over. */
export function removeVanished(stage: Stage, agent: AgentSession): void {
  if (!agent.isLoggedIn || !agent.isAbsent) return;
  agent.status = stage.world.statuses.offline;
  agent.statusStartTime = stage.clock.now;
  agent.next = undefined;
  publishState(stage, agent);
  agent.isLoggedIn = false;
  agent.sessionEndTime = stage.clock.now;
}

/** Somebody moved the agent to another routing profile in the admin website. */
export function changeRoutingProfile(stage: Stage, agent: AgentSession, routingProfile: RoutingProfile): void {
  agent.routingProfile = routingProfile;
  if (agent.isLoggedIn && agent.snapshot !== "null") publishState(stage, agent);
  becomeAvailable(stage, agent);
}

/** A contact is gone from the CCP; a queued status takes effect once it was the last. */
export function removeContact(
  stage: Stage,
  agent: AgentSession,
  held: AgentContact,
  closedBy: AgentContact["closedBy"],
): void {
  if (!agent.contacts.includes(held)) return;
  held.closedBy = closedBy;
  agent.contacts = agent.contacts.filter((other) => other !== held);
  publishState(stage, agent);
  held.removed();
  const { next } = agent;
  if (next === undefined) return becomeAvailable(stage, agent);
  if (agent.contacts.length > 0) return;
  stage.clock.after(30, () => {
    if (agent.next === next && agent.contacts.length === 0) applyStatus(stage, agent, next.status);
  });
}

function becomeAvailable(stage: Stage, agent: AgentSession): void {
  if (agent.contacts.length === 0) agent.idleSinceTime = stage.clock.now;
  stage.agentBecameAvailable(agent);
}

/** Writes a STATE_CHANGE for whatever has just changed, and lets the browser see it. */
export function publishState(stage: Stage, agent: AgentSession): void {
  const previous = agent.snapshot;
  agent.snapshot = writeSnapshot(agent);
  stage.ledger.observe(agent, stage.clock.now);
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
  if (agent.sessionEndTime !== undefined && now - agent.sessionEndTime > HEARTBEAT_AFTER_SESSION_MS) return;
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
    accountId: stage.world.place.accountId,
    agent: agent.profile,
    instanceArn: stage.world.instance.arn,
    eventId: stage.random.uuid(),
    time,
    type,
  };
  stage.emit("agent_event", writeAgentEvent({ ...event, ...snapshots }), { key: agent.profile.arn });
}
