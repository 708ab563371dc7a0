import type { AfterContactWork } from "./derive/agent/types/after-contact-work.ts";
import type { AgentActivity } from "./derive/agent/types/agent-activity.ts";
import type { AgentContactState } from "./derive/agent/types/agent-contact-state.ts";
import type { AgentGap } from "./derive/agent/types/agent-gap.ts";
import type { AgentInterval } from "./derive/agent/types/agent-interval.ts";
import type { AgentOffer } from "./derive/agent/types/agent-offer.ts";
import type { LoginSession } from "./derive/agent/types/login-session.ts";
import {
  AGENT_COLUMN_TEXTS,
  columnsFrom,
  type ColumnText,
  type ColumnTexts,
  type DerivedTable,
  type DerivedTableName,
} from "./derived-table.ts";

const {
  agent_id,
  agent_username,
  contact_id,
  channel,
  queue_id,
  queue_name,
  initiation_method,
  duration_ms,
  record_ids,
} = AGENT_COLUMN_TEXTS;

const WHO = { agent_id, agent_username };
const WHO_AND_WHAT = { contact_id, ...WHO, channel, queue_id, queue_name, initiation_method };

const activity: DerivedTable = {
  name: "agent_activity",
  subject:
    "What each second of an agent counts as: one row a stretch, without overlap, cut at midnight (UTC). Sums add up to the span that is known.",
  startColumn: "start_time",
  columns: columnsFrom({
    ...WHO,
    start_time: { type: "timestamp", description: "start of the stretch" },
    end_time: { type: "timestamp", description: "end of the stretch, excluded" },
    duration_ms,
    activity: {
      type: "text",
      description: "offline, non_productive, contact, connecting, error, idle, or unknown inside a gap",
    },
    status_name: { type: "text", description: "agent status: what the agent chose" },
    status_type: { type: "text", description: "ROUTABLE, CUSTOM or OFFLINE" },
    contact_ids: { type: "json", description: "array of the contacts at any time of the stretch" },
    is_on_contact: {
      type: "boolean",
      description: "a contact is connected, on hold, paused, in after-contact work or dialled, whatever the status",
    },
    is_unknown: { type: "boolean", description: "inside a gap: what the agent did is not known" },
    is_presumed: { type: "boolean", description: "offline because the session must have ended: no LOGOUT says so" },
    record_ids: { type: "json", description: "array of the event that began it and the one that ended it" },
  } satisfies ColumnTexts<AgentActivity>),
};

const afterContactWork: DerivedTable = {
  name: "agent_after_contact_work",
  subject:
    "After-contact work of one contact at one agent, to the millisecond. Work of several contacts at once overlaps: sums over contacts exceed the wall clock, which is in agent_activity_interval.",
  startColumn: "start_time",
  columns: columnsFrom({
    ...WHO_AND_WHAT,
    start_time: { type: "timestamp", description: "when the contact's state became ENDED (StateStartTimestamp)" },
    end_time: {
      type: "timestamp",
      description: "time of the first event that no longer lists the contact; null while it goes on",
    },
    duration_ms,
    closed_by: {
      type: "text",
      description:
        "cleared, status_change, logout, next_login, heartbeat, gap or presumed_logout; null while it goes on",
    },
    is_inferred: { type: "boolean", description: "start or end is not told by the event that made it" },
    earliest_end_time: {
      type: "timestamp",
      description: "the end lies between this and end_time; equal to it unless inferred",
    },
    time_precision: {
      type: "text",
      description: "ms, or s where the events carry whole seconds: the duration is good to one second",
    },
    record_ids: { type: "json", description: "array of the event that first shows it and the one that ended it" },
  } satisfies ColumnTexts<AfterContactWork>),
};

const contactState: DerivedTable = {
  name: "agent_contact_state",
  subject: "One state of one contact at one agent, from entering to leaving it.",
  startColumn: "start_time",
  columns: columnsFrom({
    contact_id,
    ...WHO,
    channel,
    initiation_method,
    queue_id,
    queue_name,
    state: {
      type: "text",
      description:
        "INCOMING, PENDING, CONNECTING, CONNECTED, CONNECTED_ONHOLD, PAUSED, MISSED, REJECTED, ERROR, ENDED or a later one",
    },
    start_time: { type: "timestamp", description: "when the state was entered; of holds the time of the event" },
    end_time: { type: "timestamp", description: "when it was left; null while it goes on" },
    duration_ms,
    is_inferred: { type: "boolean", description: "start or end lies in a gap" },
    record_ids,
  } satisfies ColumnTexts<AgentContactState>),
};

const gap: DerivedTable = {
  name: "agent_gap",
  subject: "A stretch in which what an agent did is not known.",
  startColumn: "start_time",
  columns: columnsFrom({
    ...WHO,
    start_time: { type: "timestamp", description: "time of the last record before" },
    end_time: { type: "timestamp", description: "time of the first record after; null while it goes on" },
    duration_ms,
    reason: { type: "text", description: "lost_event, silence or presumed_offline" },
    detail: { type: "text", description: "what differs, for a person" },
    record_ids: { type: "json", description: "array of the record before and the one after" },
  } satisfies ColumnTexts<AgentGap>),
};

const loginSession: DerivedTable = {
  name: "agent_login_session",
  subject: "From login to logout, or to where the session must have ended.",
  startColumn: "start_time",
  columns: columnsFrom({
    ...WHO,
    start_time: { type: "timestamp", description: "time of LOGIN, or of the first event that needs a logged-in agent" },
    is_login_seen: { type: "boolean", description: "false: no LOGIN was received, it began then or before" },
    end_time: {
      type: "timestamp",
      description: "time of LOGOUT, or of the session's last event; null while it goes on",
    },
    duration_ms,
    ended_by: { type: "text", description: "logout, next_login, presumed, or open" },
    is_inferred: { type: "boolean", description: "no LOGOUT says when it ended" },
    record_ids,
  } satisfies ColumnTexts<LoginSession>),
};

const offer: DerivedTable = {
  name: "agent_offer",
  subject: "One contact offered once to one agent, what became of it, and why it was not answered.",
  startColumn: "offered_time",
  columns: columnsFrom({
    ...WHO_AND_WHAT,
    offered_time: { type: "timestamp", description: "when it began to ring" },
    end_time: { type: "timestamp", description: "when it was answered or gone; null while it rings" },
    duration_ms,
    outcome: {
      type: "text",
      description: "answered, missed, rejected, error, withdrawn or unknown; null while it rings",
    },
    cause: {
      type: "text",
      description:
        "customer_abandoned, agent_declined, browser_silent, api_gap, agent_did_not_answer, connection_failed or not_known; null where answered",
    },
    cause_detail: { type: "text", description: "the cause in one sentence" },
    is_inferred: { type: "boolean", description: "start or end lies in a gap" },
    record_ids: { type: "json", description: "array of the agent events that tell it" },
    evidence_record_ids: {
      type: "json",
      description: "array of the CCP log lines, contact events and contact records the cause was read from",
    },
  } satisfies ColumnTexts<AgentOffer>),
};

function time(description: string): ColumnText {
  return { type: "integer", unit: "ms", description };
}

function count(description: string): ColumnText {
  return { type: "integer", description };
}

const interval: DerivedTable = {
  name: "agent_activity_interval",
  subject:
    "What adds up about one agent in a quarter of an hour. Longer intervals are sums of these rows; the seven activities add up to the interval, less what lies before the first event ever heard. Days (UTC) without any event of the agent have no rows.",
  startColumn: "start_time",
  columns: columnsFrom({
    ...WHO,
    start_time: { type: "timestamp", description: "start of the interval" },
    end_time: { type: "timestamp", description: "end of the interval, excluded" },
    offline_ms: time("logged out, or a status of type OFFLINE"),
    non_productive_ms: time("a status of type CUSTOM, whatever the contacts"),
    contact_ms: time("Available with a contact connected, on hold, paused, in after-contact work or dialled"),
    connecting_ms: time("Available, no such contact, and one is being offered"),
    error_ms: time("Available, neither, and a contact is missed, rejected or failed and not yet cleared"),
    idle_ms: time("Available and none of these"),
    unknown_ms: time("inside a gap"),
    presumed_offline_ms: time("of offline_ms, what is only presumed"),
    on_contact_non_productive_ms: time("of non_productive_ms, with a contact at hand"),
    on_contact_offline_ms: time("of offline_ms, with a contact at hand"),
    non_productive: { type: "json", description: "non_productive_ms by status: array of status_name, duration_ms" },
    after_contact_work_ms: time("after-contact work, wall clock: several contacts at once count once"),
    contact_after_contact_work_ms: time("after-contact work, summed over contacts"),
    after_contact_work_count: count("after-contact work that ended here with its end told"),
    after_contact_work_ended_ms: time("how long that work was in whole, for its average"),
    interaction_ms: time("connected and not on hold, summed over contacts"),
    pause_ms: time("paused, summed over contacts"),
    hold_ms: time("on hold, summed over contacts"),
    incoming_connecting_ms: time("ringing inbound, summed over contacts"),
    outbound_connecting_ms: time("dialling out, summed over contacts"),
    handle_custom_status_ms: time("of interaction, pause, hold and after-contact work, what was in a custom status"),
    hold_count: count("holds begun"),
    handled_count: count("contacts that became connected, listening supervisors left out"),
    offer_count: count("offers begun"),
    answered_count: count("offers answered"),
    missed_count: count("offers missed"),
    rejected_count: count("offers rejected"),
    error_count: count("offers that failed"),
    withdrawn_count: count("offers withdrawn by Connect"),
    unknown_offer_count: count("offers whose end is lost"),
    customer_abandoned_count: count("of the offers not answered, those the customer left"),
    login_count: count("logins"),
    logged_in_ms: time("logged in"),
  } satisfies ColumnTexts<AgentInterval>),
};

/** Every derived table, by name. */
export const DERIVED_TABLES: Readonly<Record<DerivedTableName, DerivedTable>> = {
  agent_activity: activity,
  agent_activity_interval: interval,
  agent_after_contact_work: afterContactWork,
  agent_contact_state: contactState,
  agent_gap: gap,
  agent_login_session: loginSession,
  agent_offer: offer,
};
