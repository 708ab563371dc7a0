import type { UnixMillis } from "../../../record.ts";
import type { AgentActivityName, LiveActivityName } from "../types/agent-activity.ts";
import type { AgentContact } from "../types/agent-contact.ts";
import type { AgentGap } from "../types/agent-gap.ts";
import type { LoginSession } from "../types/login-session.ts";

// Plain JSON values only, null for absent, and every list in an order of its own: a memory is stored as the carry between
// two spans, and of the same events it must always be the same text.

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** What the last event said, to be compared with the next one's previous snapshot. */
export interface ToldSnapshot {
  readonly statusName: string | null;
  readonly statusStart: UnixMillis | null;
  readonly nextName: string | null;
  /** The contacts column as it stands; "" for none. */
  readonly contactsText: string;
  readonly isWholeSeconds: boolean;
}

export interface HeldStatus {
  readonly name: string | null;
  readonly type: string | null;
  /** As told; may be days before the first event. */
  readonly start: UnixMillis | null;
}

export interface HeldOffer {
  readonly offeredTime: UnixMillis;
  readonly isInferred: boolean;
  readonly recordId: string;
}

export interface HeldWork {
  readonly startTime: UnixMillis;
  readonly isInferred: boolean;
  readonly recordId: string;
  readonly isWholeSeconds: boolean;
}

export interface HeldContact {
  contact: AgentContact;
  /** The record that told the present state. */
  recordId: string;
  isInferred: boolean;
  offer: HeldOffer | null;
  work: HeldWork | null;
}

/** The stretch of activity going on. */
export interface HeldActivity {
  readonly from: UnixMillis;
  readonly activity: AgentActivityName;
  readonly statusName: string | null;
  readonly statusType: string | null;
  readonly isOnContact: boolean;
  readonly isPresumed: boolean;
  contactIds: readonly string[];
  readonly recordId: string | null;
}

export interface HeldSession {
  readonly startTime: UnixMillis;
  readonly isLoginSeen: boolean;
  readonly recordId: string;
}

/** One name the agent's events come under. */
export interface HeldStream {
  readonly agentId: string;
  readonly region: string | null;
  lastEventTime: UnixMillis;
}

/** An event as two Regions would both send it. */
export interface EventMark {
  readonly time: UnixMillis;
  readonly stream: number;
  readonly text: string;
}

/** Configuration as the last snapshot told it. */
export interface HeldConfiguration {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly routingProfileId: string | null;
  readonly routingProfileName: string | null;
  readonly hierarchy: readonly (string | null)[];
  /** The columns as they stand; read when somebody asks. */
  readonly slots: string | null;
  readonly currentRegion: string | null;
  readonly configuredRegions: string | null;
}

/** Everything the fold knows about one agent after the last event. */
export interface AgentMemory {
  agentId: string;
  username: string | null;
  instanceId: string | null;
  region: string | null;
  configuration: HeldConfiguration | null;
  firstTime: UnixMillis | null;
  lastTime: UnixMillis | null;
  lastRecordId: string | null;
  lastHeartbeatTime: UnixMillis | null;
  lastChangeTime: UnixMillis | null;
  isLoggedIn: boolean | null;
  /** From LOGIN to the first status: snapshots are null and nothing beats. */
  isAwaitingStatus: boolean;
  /** A heartbeat after a logout told of a status newer than the logout: only a change can settle it. */
  isDoubtful: boolean;
  /** The last LOGIN or LOGOUT: nothing of the session before it reaches past. */
  boundaryTime: UnixMillis | null;
  told: ToldSnapshot | null;
  status: HeldStatus | null;
  nextName: string | null;
  nextTime: UnixMillis | null;
  /** By contact id. */
  contacts: HeldContact[];
  /** The column those contacts were read from; null where they are not what the last snapshot says (after a logout). */
  contactsText: string | null;
  activity: HeldActivity | null;
  live: { readonly name: LiveActivityName; readonly since: UnixMillis } | null;
  session: HeldSession | null;
  lastSession: LoginSession | null;
  lastGap: AgentGap | null;
  streams: HeldStream[];
  activeStream: number;
  marks: EventMark[];
}

export function emptyMemory(agentId: string): AgentMemory {
  return {
    agentId,
    username: null,
    instanceId: null,
    region: null,
    configuration: null,
    firstTime: null,
    lastTime: null,
    lastRecordId: null,
    lastHeartbeatTime: null,
    lastChangeTime: null,
    isLoggedIn: null,
    isAwaitingStatus: false,
    isDoubtful: false,
    boundaryTime: null,
    told: null,
    status: null,
    nextName: null,
    nextTime: null,
    contacts: [],
    contactsText: null,
    activity: null,
    live: null,
    session: null,
    lastSession: null,
    lastGap: null,
    streams: [],
    activeStream: 0,
    marks: [],
  };
}

/** A copy that can be folded on without touching this one. */
export function copyMemory(memory: AgentMemory): AgentMemory {
  return {
    ...memory,
    contacts: memory.contacts.map((held): Mutable<HeldContact> => ({ ...held })),
    activity: memory.activity === null ? null : { ...memory.activity },
    streams: memory.streams.map((stream) => ({ ...stream })),
    marks: [...memory.marks],
  };
}
