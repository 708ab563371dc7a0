import type { UnixMillis } from "../../../record.ts";
import { isObject, numberAt, textAt, type JsonValue } from "../../../json.ts";
import type { LiveActivityName } from "../types/agent-activity.ts";
import type { AgentSlots } from "../types/agent-slots.ts";
import type { AgentConfidence, AgentState } from "../types/agent-state.ts";
import type { AgentMemory, HeldConfiguration } from "./agent-memory.ts";
import { openGap, openSession, openWork } from "./open-rows.ts";
import { isPresumedOffline, isSilentAt } from "./silence.ts";

const NOT_CONFIGURED: HeldConfiguration = {
  firstName: null,
  lastName: null,
  routingProfileId: null,
  routingProfileName: null,
  hierarchy: [],
  slots: null,
  currentRegion: null,
  configuredRegions: null,
};

/** What is known at the instant, which is not before the last event. */
export function describeState(memory: AgentMemory, at: UnixMillis): AgentState {
  const configuration = memory.configuration ?? NOT_CONFIGURED;
  const confidence = confidenceAt(memory, at);
  const live = liveAt(memory, confidence);
  return {
    agent_id: memory.agentId,
    agent_username: memory.username,
    first_name: configuration.firstName,
    last_name: configuration.lastName,
    instance_id: memory.instanceId,
    region: memory.region,
    at_time: at,
    confidence,
    is_logged_in: confidence === "presumed_offline" ? false : memory.isLoggedIn,
    status_name: memory.status?.name ?? null,
    status_type: memory.status?.type ?? null,
    status_start_time: memory.status?.start ?? null,
    next_status_name: memory.nextName,
    next_status_enqueued_time: memory.nextTime,
    activity: live.name,
    activity_start_time: live.since,
    contacts: memory.contacts.map((held) => held.contact),
    routing_profile_id: configuration.routingProfileId,
    routing_profile_name: configuration.routingProfileName,
    hierarchy: configuration.hierarchy,
    slots: readSlots(configuration.slots),
    after_contact_work: openWork(memory),
    login_session: openSession(memory) ?? memory.lastSession,
    last_gap: openGap(memory, at) ?? memory.lastGap,
    last_event_time: memory.lastTime,
    last_heartbeat_time: memory.lastHeartbeatTime,
    last_change_time: memory.lastChangeTime,
    last_record_id: memory.lastRecordId,
    is_ghost: isGhost(memory, confidence),
    identities: memory.streams.map((stream, index) => ({
      agent_id: stream.agentId,
      region: stream.region,
      last_event_time: stream.lastEventTime,
      is_active: index === memory.activeStream,
    })),
    current_region: configuration.currentRegion,
    configured_regions: readTexts(configuration.configuredRegions),
  };
}

function confidenceAt(memory: AgentMemory, at: UnixMillis): AgentConfidence {
  if (memory.lastTime === null) return "unknown";
  if (isPresumedOffline(memory, at)) return "presumed_offline";
  return memory.isDoubtful || isSilentAt(memory, at) ? "unknown" : "known";
}

function liveAt(
  memory: AgentMemory,
  confidence: AgentConfidence,
): { readonly name: LiveActivityName; readonly since: UnixMillis | null } {
  if (confidence === "presumed_offline") return { name: "offline", since: memory.lastTime };
  if (confidence === "unknown") return { name: "unknown", since: memory.lastTime };
  return memory.live ?? { name: "unknown", since: null };
}

/** Gone, yet in a status in which Connect goes on offering contacts. */
function isGhost(memory: AgentMemory, confidence: AgentConfidence): boolean {
  return memory.status?.type === "ROUTABLE" && (memory.isLoggedIn === false || confidence === "presumed_offline");
}

function readSlots(text: string | null): AgentSlots[] {
  return readArray(text).flatMap((element) =>
    isObject(element)
      ? [
          {
            channel: textAt(element, "channel") ?? null,
            available_slots: numberAt(element, "available_slots") ?? null,
            maximum_slots: numberAt(element, "maximum_slots") ?? null,
          },
        ]
      : [],
  );
}

function readTexts(text: string | null): string[] {
  return readArray(text).filter((element) => typeof element === "string");
}

/** A column written by `normalizeAgentEvent`, so it is JSON; anything else reads as nothing. */
function readArray(text: string | null): readonly JsonValue[] {
  if (text === null) return [];
  try {
    const value: JsonValue = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
