import type { UnixMillis } from "../../../record.ts";
import type { AgentActivity, AgentActivityName, LiveActivityName } from "../types/agent-activity.ts";
import type { AgentMemory, HeldActivity } from "./agent-memory.ts";
import type { AgentRows } from "./agent-rows.ts";
import { contactKindOf, countsAsContact, type ContactKind } from "./contact-kind.ts";
import { recordIds } from "./fold-step.ts";

/** What stands in for the activity inside a gap. */
export interface ForcedActivity {
  readonly activity: "unknown" | "offline";
  readonly isPresumed: boolean;
}

export const UNKNOWN: ForcedActivity = { activity: "unknown", isPresumed: false };
export const PRESUMED_OFFLINE: ForcedActivity = { activity: "offline", isPresumed: true };

interface ActivityMove {
  readonly memory: AgentMemory;
  readonly rows: AgentRows | null;
  readonly time: UnixMillis;
  readonly recordId: string | null;
}

/** Begins a new stretch of activity at the instant, unless the state there is the one of the stretch going on. */
export function moveActivity(move: ActivityMove, forced?: ForcedActivity): void {
  const { memory } = move;
  const kinds = memory.contacts.map((held) => contactKindOf(held.contact));
  const isOnContact = kinds.some(countsAsContact);
  const { activity, isPresumed } = forced ?? { activity: activityOf(memory, kinds, isOnContact), isPresumed: false };
  const contactIds = memory.contacts.map((held) => held.contact.contact_id);
  const held = memory.activity;
  const time = notBefore(move.time, held);
  moveLive(memory, time, forced === undefined ? liveActivityOf(memory, kinds) : forced.activity);
  if (held !== null && isSame(held, memory, { activity, isOnContact, isPresumed })) {
    held.contactIds = union(held.contactIds, contactIds);
    return;
  }
  if (held !== null) move.rows?.activity.push(...endActivity(memory, held, { time, recordId: move.recordId }));
  memory.activity = {
    from: time,
    activity,
    statusName: memory.status?.name ?? null,
    statusType: memory.status?.type ?? null,
    isOnContact,
    isPresumed,
    contactIds,
    recordId: move.recordId,
  };
}

function notBefore(time: UnixMillis, held: HeldActivity | null): UnixMillis {
  return held !== null && held.from > time ? held.from : time;
}

/** The stretch as a row, or no row if it has no length. */
export function endActivity(
  memory: AgentMemory,
  held: HeldActivity,
  end: { readonly time: UnixMillis; readonly recordId: string | null },
): AgentActivity[] {
  if (end.time <= held.from) return [];
  return [
    {
      agent_id: memory.agentId,
      agent_username: memory.username,
      start_time: held.from,
      end_time: end.time,
      duration_ms: end.time - held.from,
      activity: held.activity,
      status_name: held.statusName,
      status_type: held.statusType,
      contact_ids: held.contactIds,
      is_on_contact: held.isOnContact,
      is_unknown: held.activity === "unknown",
      is_presumed: held.isPresumed,
      record_ids: recordIds(held.recordId, end.recordId),
    },
  ];
}

function isSame(
  held: HeldActivity,
  { status }: AgentMemory,
  next: Pick<HeldActivity, "activity" | "isOnContact" | "isPresumed">,
): boolean {
  return (
    held.activity === next.activity &&
    held.isOnContact === next.isOnContact &&
    held.isPresumed === next.isPresumed &&
    held.statusName === (status?.name ?? null) &&
    held.statusType === (status?.type ?? null)
  );
}

function activityOf(memory: AgentMemory, kinds: readonly ContactKind[], isOnContact: boolean): AgentActivityName {
  const absence = absenceOf(memory);
  if (absence !== undefined) return absence;
  if (memory.status?.type !== "ROUTABLE") return "non_productive";
  if (isOnContact) return "contact";
  if (kinds.includes("offered")) return "connecting";
  return kinds.some((kind) => kind === "missed" || kind === "rejected" || kind === "failed") ? "error" : "idle";
}

function absenceOf(memory: AgentMemory): "offline" | "unknown" | undefined {
  if (memory.isLoggedIn === false) return memory.isDoubtful ? "unknown" : "offline";
  // between LOGIN and the first status nothing can be routed to the agent
  if (memory.status === null) return memory.isAwaitingStatus ? "offline" : "unknown";
  return memory.status.type === "OFFLINE" ? "offline" : undefined;
}

/** Kinds of contact that show, the strongest first (AWS, real-time metrics, agent activity, read 2026-11-20). */
const LIVE_PRECEDENCE: readonly (readonly [ContactKind, LiveActivityName])[] = [
  ["failed", "error"],
  ["missed", "missed"],
  ["rejected", "rejected"],
  ["engaged", "on_contact"],
  ["ended", "after_contact_work"],
  ["offered", "incoming"],
  ["monitoring", "monitoring"],
];

function liveActivityOf(memory: AgentMemory, kinds: readonly ContactKind[]): LiveActivityName {
  const absence = absenceOf(memory);
  if (memory.isLoggedIn === false) return absence ?? "offline";
  for (const [kind, name] of LIVE_PRECEDENCE) if (kinds.includes(kind)) return name;
  return absence ?? (memory.status?.type === "ROUTABLE" ? "available" : "custom");
}

function moveLive(memory: AgentMemory, time: UnixMillis, name: LiveActivityName): void {
  if (memory.live?.name !== name) memory.live = { name, since: time };
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  const added = right.filter((id) => !left.includes(id));
  return added.length === 0 ? left : [...left, ...added].sort();
}
