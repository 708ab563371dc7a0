import type { UnixMillis } from "../../../record.ts";
import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { AgentGapReason } from "../types/agent-gap.ts";
import { moveActivity, PRESUMED_OFFLINE, UNKNOWN } from "./activity-stretch.ts";
import type { AgentMemory, HeldStatus, ToldSnapshot } from "./agent-memory.ts";
import type { AgentRows } from "./agent-rows.ts";
import { hearStream, markEvent } from "./agent-streams.ts";
import { readConfiguration } from "./configuration.ts";
import { recordIds, type FoldStep } from "./fold-step.ts";
import { findGap, type FoundGap } from "./find-gap.ts";
import { beginSession, dropContacts, endSession } from "./login-moves.ts";
import { applySnapshot, type SnapshotFacts } from "./snapshot-changes.ts";
import { toldNow } from "./told-snapshot.ts";

/** Folds the next event, in `orderEvents` order, into the memory. True if what the agent does or is differs after it. */
export function foldEvent(memory: AgentMemory, event: AgentEventRow, rows: AgentRows | null): boolean {
  readIdentity(memory, event);
  if (hearStream(memory, event)) return false;
  const told = toldNow(event);
  const gap = findGap(memory, event, told);
  const step: FoldStep = { memory, rows, event, isRecall: false, closedBy: closedByOf(memory, event) };
  if (gap !== undefined) enterGap(step, gap);
  const hasChanged = foldByType(step, told, gap);
  if (memory.activity === null || gap !== undefined) {
    moveActivity({ memory, rows, time: event.event_time, recordId: event.record_id });
  }
  const isReconfigured = readConfiguration(memory, event);
  rememberTold(memory, event, told);
  return hasChanged || isReconfigured || gap !== undefined;
}

function readIdentity(memory: AgentMemory, event: AgentEventRow): void {
  memory.username = event.agent_username ?? memory.username;
  memory.instanceId = event.instance_id ?? memory.instanceId;
}

function closedByOf(memory: AgentMemory, event: AgentEventRow): FoldStep["closedBy"] {
  if (event.event_type === "LOGOUT") return "logout";
  if (event.event_type === "LOGIN") return "next_login";
  if (event.event_type === "HEART_BEAT") return "heartbeat";
  return event.has_current_snapshot && (event.status_name ?? null) !== (memory.status?.name ?? null)
    ? "status_change"
    : "cleared";
}

/** From the last event on, what the agent did is not known, except that who is logged out stays so until shown otherwise. */
function enterGap(step: FoldStep, gap: FoundGap): void {
  const { memory, rows, event } = step;
  const start = memory.lastTime ?? event.event_time;
  addGap(step, { start, reason: gap.reason, detail: gap.detail });
  if (gap.reason === "presumed_offline") endPresumed(step, start);
  const move = { memory, rows, recordId: memory.lastRecordId };
  if (memory.isLoggedIn !== false) return moveActivity({ ...move, time: start }, UNKNOWN);
  moveActivity({ ...move, time: start }, PRESUMED_OFFLINE);
  const shown = shownAtWork(event);
  if (shown !== null && shown > start && shown < event.event_time) moveActivity({ ...move, time: shown }, UNKNOWN);
}

/** Since when an event shows the agent to have been in a status other than Offline before it. */
function shownAtWork(event: AgentEventRow): UnixMillis | null {
  const isBeat = event.event_type === "HEART_BEAT";
  const type = isBeat ? event.status_type : event.previous_status_type;
  const start = isBeat ? event.status_start_time : event.previous_status_start_time;
  return type == null || type === "OFFLINE" ? null : (start ?? null);
}

function addGap(
  step: FoldStep,
  gap: { readonly start: UnixMillis; readonly reason: AgentGapReason; readonly detail: string },
): void {
  const { memory, event } = step;
  const row = {
    agent_id: memory.agentId,
    agent_username: memory.username,
    start_time: gap.start,
    end_time: event.event_time,
    duration_ms: event.event_time - gap.start,
    reason: gap.reason,
    detail: gap.detail,
    record_ids: recordIds(memory.lastRecordId, event.record_id),
  };
  step.rows?.gaps.push(row);
  memory.lastGap = row;
}

/** A session without a LOGOUT ended at the last sign of it. */
function endPresumed(step: FoldStep, time: UnixMillis): void {
  const { memory } = step;
  dropContacts({ ...step, isRecall: true, closedBy: "presumed_logout" }, time);
  endSession(step, { time, endedBy: "presumed", recordId: memory.lastRecordId });
  memory.isLoggedIn = false;
  memory.boundaryTime = time;
}

function foldByType(step: FoldStep, told: ToldSnapshot | null, gap: FoundGap | undefined): boolean {
  switch (step.event.event_type) {
    case "LOGIN":
      return foldLogin(step);
    case "LOGOUT":
      return foldLogout(step, gap);
    case "HEART_BEAT":
      return foldHeartbeat(step, told, gap);
    default:
      return foldChange(step, told, gap);
  }
}

function foldLogin(step: FoldStep): boolean {
  const { memory, rows, event } = step;
  const { event_time: time, record_id: recordId } = event;
  if (memory.lastTime !== null) dropContacts({ ...step, isRecall: true }, time);
  endSession(step, { time: memory.lastTime ?? time, endedBy: "next_login", recordId: memory.lastRecordId });
  beginSession(step, true);
  memory.isAwaitingStatus = true;
  memory.boundaryTime = time;
  memory.nextName = null;
  memory.nextTime = null;
  // Offline survives a login; anything else would be the status of a session that is over
  if (memory.status?.type !== "OFFLINE") memory.status = null;
  moveActivity({ memory, rows, time, recordId });
  if (event.has_current_snapshot) applySnapshot(step, factsNow(event), false);
  return true;
}

function foldLogout(step: FoldStep, gap: FoundGap | undefined): boolean {
  const { memory, rows, event } = step;
  const { event_time: time, record_id: recordId } = event;
  if (memory.isLoggedIn !== false) recall(step, gap);
  if (event.has_current_snapshot) {
    const isStill = gap !== undefined || memory.activity === null;
    applySnapshot(step, { ...factsNow(event), contactsText: "" }, isStill);
  }
  dropContacts(step, time);
  if (memory.session === null && memory.isLoggedIn !== false) beginSession(step, false);
  endSession(step, { time, endedBy: "logout", recordId });
  memory.isLoggedIn = false;
  memory.isAwaitingStatus = false;
  memory.isDoubtful = false;
  memory.boundaryTime = time;
  memory.nextName = null;
  memory.nextTime = null;
  moveActivity({ memory, rows, time, recordId });
  return true;
}

/**
 * Beats go on for up to an hour after logout (AWS docs, read 2026-11-20), so a beat confirms or repairs the state of who
 * is logged in, and never logs anyone in: after a logout it can only raise a doubt.
 */
function foldHeartbeat(step: FoldStep, told: ToldSnapshot | null, gap: FoundGap | undefined): boolean {
  const { memory, event } = step;
  if (told === null) return false;
  if (memory.isLoggedIn === false) {
    if (gap !== undefined && gap.reason === "lost_event") memory.isDoubtful = true;
    return gap !== undefined;
  }
  memory.isAwaitingStatus = false;
  const isRepair = gap !== undefined && gap.reason === "lost_event";
  const hasChanged = applySnapshot(
    { ...step, isRecall: isRepair, closedBy: isRepair ? "heartbeat" : step.closedBy },
    factsNow(event),
    gap !== undefined || memory.activity === null,
  );
  readNextStatus(memory, event);
  return hasChanged;
}

function foldChange(step: FoldStep, told: ToldSnapshot | null, gap: FoundGap | undefined): boolean {
  const { memory, event } = step;
  if (told === null) return false;
  if (memory.isLoggedIn !== true && isAtWork(memory, event)) beginSession(step, false);
  if (memory.isLoggedIn === false) return foldAbsentChange(step);
  memory.isAwaitingStatus = false;
  recall(step, gap);
  const hasChanged = applySnapshot(step, factsNow(event), gap !== undefined || memory.activity === null);
  return readNextStatus(memory, event) || hasChanged;
}

/** Configuration of an agent who is not logged in was changed; the status may have been too, by an administrator. */
function foldAbsentChange(step: FoldStep): boolean {
  const before = step.memory.status;
  step.memory.status = factsNow(step.event).status;
  return before?.name !== step.memory.status?.name;
}

/** What the previous snapshot tells of the time before the event, where nothing else told it. */
function recall(step: FoldStep, gap: FoundGap | undefined): void {
  const { memory, event } = step;
  const isFirst = memory.lastTime === null;
  if (!event.has_previous_snapshot || (!isFirst && gap?.reason !== "lost_event")) return;
  applySnapshot({ ...step, isRecall: !isFirst, closedBy: "gap" }, factsBefore(event), true);
}

/** True when the event shows somebody at work, not merely an agent's configuration changed. */
function isAtWork(memory: AgentMemory, event: AgentEventRow): boolean {
  if (!event.has_previous_snapshot || (event.contacts ?? "") !== "") return true;
  const isOnline = isOtherThanOffline(event.status_type);
  if (memory.isLoggedIn === null) {
    return isOnline || isOtherThanOffline(event.previous_status_type) || (event.previous_contacts ?? "") !== "";
  }
  // after a logout with Available left on, only a status chosen since shows a new session
  const { boundaryTime } = memory;
  const start = event.status_start_time ?? boundaryTime;
  return isOnline && (boundaryTime === null || start === null || start >= boundaryTime);
}

function isOtherThanOffline(statusType: string | null | undefined): boolean {
  return statusType != null && statusType !== "OFFLINE";
}

function factsNow(event: AgentEventRow): SnapshotFacts {
  const status: HeldStatus | null =
    event.status_name == null
      ? null
      : { name: event.status_name, type: event.status_type ?? null, start: event.status_start_time ?? null };
  return { status, contactsText: event.contacts ?? "" };
}

function factsBefore(event: AgentEventRow): SnapshotFacts {
  const status: HeldStatus | null =
    event.previous_status_name == null
      ? null
      : {
          name: event.previous_status_name,
          type: event.previous_status_type ?? null,
          start: event.previous_status_start_time ?? null,
        };
  return { status, contactsText: event.previous_contacts ?? "" };
}

function readNextStatus(memory: AgentMemory, event: AgentEventRow): boolean {
  const name = event.next_status_name ?? null;
  const hasChanged = memory.nextName !== name;
  memory.nextName = name;
  memory.nextTime = event.next_status_enqueued_time ?? null;
  return hasChanged;
}

function rememberTold(memory: AgentMemory, event: AgentEventRow, told: ToldSnapshot | null): void {
  memory.told = told ?? (event.event_type === "LOGIN" ? null : memory.told);
  memory.firstTime ??= event.event_time;
  memory.lastTime = event.event_time;
  memory.lastRecordId = event.record_id;
  if (event.event_type === "HEART_BEAT") memory.lastHeartbeatTime = event.event_time;
  else memory.lastChangeTime = event.event_time;
  markEvent(memory, event);
}
