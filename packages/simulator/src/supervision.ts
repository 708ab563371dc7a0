import { logIn, publishState, removeContact, type AgentSession } from "./agent-session.ts";
import { logMonitorContact } from "./contact-api-calls.ts";
import { complete, emitContactEvent, end } from "./contact-end.ts";
import { createContact, type Contact, type DisconnectReason } from "./contact.ts";
import type { Stage } from "./stage.ts";
import { startWorkingDays } from "./working-day.ts";
import type { AgentContact } from "./wires/agent-event.ts";

/** From the end of one visit to the next. */
const MEAN_BETWEEN_MS = 420_000;
const LISTENS_MS = { least: 25_000, most: 180_000 } as const;
/** Of those who listen, so many join in, after this part of their time. */
const BARGE_SHARE = 0.15;
const BARGE_AFTER_PART = 0.6;

/** A supervisor's days: logged in, never routable, listening to one call after another. */
export function startSupervision(stage: Stage, supervisor: AgentSession): void {
  startWorkingDays(stage, supervisor, () => {
    logIn(stage, supervisor, stage.world.statuses.coaching);
    listenLater(stage, supervisor);
  });
}

function listenLater(stage: Stage, supervisor: AgentSession): void {
  const { shiftCount } = supervisor;
  stage.clock.after(stage.random.exponential(MEAN_BETWEEN_MS), () => {
    if (!supervisor.isLoggedIn || supervisor.shiftCount !== shiftCount) return;
    if (canListen(supervisor)) listen(stage, supervisor);
    listenLater(stage, supervisor);
  });
}

/** Listening takes a status other than Offline. https://docs.aws.amazon.com/connect/latest/adminguide/monitor-barge.html (read 2026-11-25) */
function canListen({ status, contacts, isLeaving, snapshot }: AgentSession): boolean {
  return !isLeaving && status.type !== "OFFLINE" && contacts.length === 0 && snapshot !== "null";
}

/**
 * Listens to a call that goes on. With enhanced monitoring, that is a contact of its own: MONITOR, begun when the
 * supervisor started, in the supervisor's list as CONNECTED, off it at the end without after-contact work.
 */
function listen(stage: Stage, supervisor: AgentSession): void {
  const calls = stage.agents.flatMap(({ contacts }) =>
    contacts.flatMap(({ contact, state }) => (state === "CONNECTED" && contact.channel === "VOICE" ? contact : [])),
  );
  if (calls.length === 0) return;
  const heard = stage.random.pick(calls);
  const contact = createContact(stage, { plan: heard.plan, continues: heard, initiationMethod: "MONITOR" });
  logMonitorContact(stage, { heard, contact, supervisor });
  emitContactEvent(stage, contact, "INITIATED");
  contact.phase = "connected";
  contact.agent = supervisor;
  contact.connectedTime = stage.clock.now;
  const held = holdAsListener(stage, supervisor, contact);
  emitContactEvent(stage, contact, "CONNECTED_TO_AGENT");
  const stop = (reason: DisconnectReason): void => {
    heard.listeners.delete(stopWithCall);
    if (supervisor.contacts.includes(held)) {
      finish(stage, contact, reason);
      removeContact(stage, supervisor, held, "cleared");
    }
  };
  const stopWithCall = (): void => stop("OTHER");
  heard.listeners.add(stopWithCall);
  const forMs = stage.random.integer(LISTENS_MS.least, LISTENS_MS.most);
  if (stage.random.chance(BARGE_SHARE)) {
    stage.clock.after(Math.round(forMs * BARGE_AFTER_PART), () => {
      if (supervisor.contacts.includes(held)) contact.bargeTime = stage.clock.now;
    });
  }
  stage.clock.after(forMs, () => stop("AGENT_DISCONNECT"));
}

function holdAsListener(stage: Stage, supervisor: AgentSession, contact: Contact): AgentContact {
  const held: AgentContact = {
    contact,
    state: "CONNECTED",
    stateStartTime: stage.clock.now,
    connectedTime: stage.clock.now,
    trouble: undefined,
    closedBy: "cleared",
    // a session that ends takes what it listens to with it
    removed: () => finish(stage, contact, "OTHER"),
  };
  supervisor.contacts = [...supervisor.contacts, held];
  publishState(stage, supervisor);
  return held;
}

function finish(stage: Stage, contact: Contact, reason: DisconnectReason): void {
  if (contact.phase === "ended") return;
  contact.legEndTime = stage.clock.now;
  end(stage, contact, reason);
  stage.clock.after(stage.random.integer(30, 200), () => complete(stage, contact));
}
