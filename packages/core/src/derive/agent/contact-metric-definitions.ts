import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";
import type { ContactFigure, ContactMetricName } from "./types/contact-metrics.ts";
import type { ContactRecordRow } from "./types/contact-record-row.ts";

interface MetricContext {
  readonly settings: AgentMetricSettings;
  readonly serviceLevelSeconds: number;
}

interface Computed {
  readonly value: number | null;
  readonly records: readonly ContactRecordRow[];
}

interface ContactMetricDefinition {
  readonly unit: ContactFigure["unit"];
  compute(records: readonly ContactRecordRow[], context: MetricContext): Computed;
  how(context: MetricContext): string;
}

type Test = (record: ContactRecordRow, context: MetricContext) => boolean;
/** Milliseconds of one record; undefined where the record is skipped. */
type Duration = (record: ContactRecordRow) => number | undefined;

const isConnected: Test = (record) => record.connected_to_agent_time != null;
const isQueued: Test = (record) => record.enqueue_time != null;

/**
 * PreDisconnectState is not in the record. Amazon leaves out who was transferred while in queue; here that is who has a
 * completed transfer and never an agent, which is the same unless a transfer happened after leaving the queue.
 */
const isAbandoned: Test = (record) =>
  record.enqueue_time != null &&
  record.connected_to_agent_time == null &&
  record.next_contact_id == null &&
  record.transfer_completed_time == null;

const isWithin: Test = (record, context) =>
  record.queue_duration_s != null && record.queue_duration_s < context.serviceLevelSeconds;
const isAnsweredWithin: Test = (record, context) => isConnected(record, context) && isWithin(record, context);
/** The data lake's example counts an answer at exactly X seconds too. */
const isAnsweredUpTo: Test = (record, context) =>
  isConnected(record, context) &&
  record.queue_duration_s != null &&
  record.queue_duration_s <= context.serviceLevelSeconds;

const seconds = (value: number | null | undefined): number | undefined => (value == null ? undefined : value * 1000);

const afterContactWork: Duration = (record) =>
  seconds(record.after_contact_work_duration_s) ?? (record.connected_to_agent_time == null ? undefined : 0);

const interaction: Duration = (record) =>
  record.connected_to_agent_time == null ? undefined : seconds(record.agent_interaction_duration_s);

const hold: Duration = (record) =>
  record.connected_to_agent_time == null ? undefined : seconds(record.customer_hold_duration_s);

const interactionAndHold: Duration = (record) =>
  addUp([record.agent_interaction_duration_s, record.customer_hold_duration_s]);

const handle: Duration = (record) =>
  addUp([
    record.agent_interaction_duration_s,
    record.customer_hold_duration_s,
    record.after_contact_work_duration_s,
    record.agent_pause_duration_s,
  ]);

const pause: Duration = (record) => {
  const value = seconds(record.agent_pause_duration_s);
  return value === undefined || value <= 0 ? undefined : value;
};

const queueTime: Duration = (record) => seconds(record.queue_duration_s);

const resolution: Duration = (record) => {
  if (record.initiation_time == null || record.disconnect_time == null) return undefined;
  const end = Math.max(record.after_contact_work_end_time ?? 0, record.disconnect_time);
  return Math.max(0, end - record.initiation_time);
};

const contactDuration: Duration = (record) =>
  record.initiation_time == null || record.disconnect_time == null
    ? undefined
    : record.disconnect_time - record.initiation_time;

/** Undefined only when all are absent. */
function addUp(values: readonly (number | null | undefined)[]): number | undefined {
  const present = values.filter((value) => value != null);
  return present.length === 0 ? undefined : present.reduce((total, value) => total + value, 0) * 1000;
}

function count(test: Test, how: string): ContactMetricDefinition {
  return {
    unit: "count",
    how: () => how,
    compute: (records, context) => {
      const used = records.filter((record) => test(record, context));
      return { value: used.length, records: used };
    },
  };
}

function rate(part: Test, whole: Test, how: (context: MetricContext) => string): ContactMetricDefinition {
  return {
    unit: "ratio",
    how,
    compute: (records, context) => {
      const used = records.filter((record) => whole(record, context));
      const counted = used.filter((record) => part(record, context)).length;
      return { value: used.length === 0 ? null : counted / used.length, records: used };
    },
  };
}

function sum(duration: Duration, how: string): ContactMetricDefinition {
  return {
    unit: "ms",
    how: () => how,
    compute: (records) => {
      const used = records.filter((record) => duration(record) !== undefined);
      return { value: used.reduce((total, record) => total + (duration(record) ?? 0), 0), records: used };
    },
  };
}

function average(duration: Duration, how: string, test: Test = () => true): ContactMetricDefinition {
  return {
    unit: "ms",
    how: () => `${how}; null without any`,
    compute: (records, context) => {
      const used = records.filter((record) => test(record, context) && duration(record) !== undefined);
      const total = used.reduce((added, record) => added + (duration(record) ?? 0), 0);
      return { value: used.length === 0 ? null : total / used.length, records: used };
    },
  };
}

const HANDLE = "AgentInteractionDuration + CustomerHoldDuration + AfterContactWorkDuration + AgentPauseDuration";
const WORK = "AfterContactWorkDuration, 0 where an agent was connected and it is absent";

const serviceLevel: ContactMetricDefinition = {
  unit: "ratio",
  how: ({ settings, serviceLevelSeconds }) =>
    settings.service_level_removed_from_queue
      ? `contacts that left the queue in under ${serviceLevelSeconds} s, however, over contacts queued; null without any`
      : `contacts answered in up to ${serviceLevelSeconds} s over contacts queued; null without any`,
  compute: (records, context) => {
    const isServed = context.settings.service_level_removed_from_queue ? isWithin : isAnsweredUpTo;
    return rate(isServed, isQueued, () => "").compute(records, context);
  },
};

const putOnHold: ContactMetricDefinition = {
  unit: "count",
  how: ({ settings }) =>
    settings.holds_count_zero
      ? "records in which NumberOfHolds is present, even as 0"
      : "records with NumberOfHolds above 0",
  compute: (records, { settings }) => {
    const least = settings.holds_count_zero ? 0 : 1;
    const used = records.filter((record) => record.number_of_holds != null && record.number_of_holds >= least);
    return { value: used.length, records: used };
  },
};

const averageHolds: ContactMetricDefinition = {
  unit: "ratio",
  how: () => "NumberOfHolds, absent counting as 0, averaged over all records; null without any",
  compute: (records) => {
    const total = records.reduce((added, record) => added + (record.number_of_holds ?? 0), 0);
    return { value: records.length === 0 ? null : total / records.length, records };
  },
};

/** Amazon's record-driven metrics (metrics definitions, read 2026-11-20). */
export const CONTACT_METRIC_DEFINITIONS: Readonly<Record<ContactMetricName, ContactMetricDefinition>> = {
  contacts_handled: count(isConnected, "contacts that were connected to an agent"),
  contacts_queued: count(isQueued, "contacts with an EnqueueTimestamp"),
  contacts_abandoned: count(isAbandoned, "queued, never connected, no next contact, no transfer out of the queue"),
  abandonment_rate: rate(isAbandoned, isQueued, () => "contacts abandoned over contacts queued; null without any"),
  service_level: serviceLevel,
  contacts_answered_in_time: count(isAnsweredWithin, "connected to an agent after less than the service level's time"),
  contacts_abandoned_in_time: count(
    (record, context) => isAbandoned(record, context) && isWithin(record, context),
    "abandoned after less than the service level's time",
  ),
  average_queue_answer_time: average(
    queueTime,
    "Queue.Duration, whisper included, over contacts queued and connected",
    (record, context) => isConnected(record, context) && isQueued(record, context),
  ),
  average_queue_abandon_time: average(queueTime, "Queue.Duration over contacts abandoned", isAbandoned),
  after_contact_work_time: sum(afterContactWork, `sum of ${WORK}`),
  average_after_contact_work_time: average(afterContactWork, `average of ${WORK}`),
  interaction_time: sum(interaction, "sum of AgentInteractionDuration"),
  average_interaction_time: average(interaction, "average of AgentInteractionDuration"),
  hold_time: sum(hold, "sum of CustomerHoldDuration"),
  average_hold_time: average(hold, "average of CustomerHoldDuration"),
  interaction_and_hold_time: sum(interactionAndHold, "sum of AgentInteractionDuration + CustomerHoldDuration"),
  handle_time: sum(handle, `sum of ${HANDLE}`),
  average_handle_time: average(handle, `average of ${HANDLE}, over records with any of them`),
  average_pause_time: average(pause, "average of AgentPauseDuration where it is above 0"),
  average_holds: averageHolds,
  contacts_put_on_hold: putOnHold,
  average_resolution_time: average(
    resolution,
    "from initiation to disconnect or the end of after-contact work, whichever is later",
  ),
  average_contact_duration: average(contactDuration, "from initiation to disconnect"),
  contacts_transferred_out: count(
    (record) => record.transfer_completed_time != null,
    "with a TransferCompletedTimestamp",
  ),
  contacts_agent_hung_up_first: count(
    (record, context) => isConnected(record, context) && record.disconnect_reason === "AGENT_DISCONNECT",
    "connected, and DisconnectReason is AGENT_DISCONNECT",
  ),
};
