import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import { CONTACT_METRIC_DEFINITIONS } from "./contact-metric-definitions.ts";
import type { AgentMetricSettings } from "./types/agent-metric-settings.ts";
import {
  CONTACT_METRIC_NAMES,
  type ContactFigure,
  type ContactMetricName,
  type ContactMetrics,
} from "./types/contact-metrics.ts";
import type { ContactRecordRow } from "./types/contact-record-row.ts";

interface ContactMetricsInput {
  /** Any number of records of any number of contacts, in any order. */
  readonly records: readonly ContactRecordRow[];
  readonly settings: AgentMetricSettings;
  /** Amazon's presets: 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600. */
  readonly serviceLevelSeconds: number;
}

/**
 * Amazon's record-driven metrics over the contacts given. Which interval a contact counts in is for the caller: Amazon
 * counts handled, queued and abandoned contacts where they disconnected, with their whole duration.
 */
export function deriveContactMetrics(input: ContactMetricsInput): ContactMetrics {
  const records = newestRecords(input.records);
  const context = { settings: input.settings, serviceLevelSeconds: input.serviceLevelSeconds };
  const figures: Partial<Record<ContactMetricName, ContactFigure>> = {};
  for (const name of CONTACT_METRIC_NAMES) {
    const definition = CONTACT_METRIC_DEFINITIONS[name];
    const { value, records: used } = definition.compute(records, context);
    figures[name] = {
      value,
      unit: definition.unit,
      formula: `record_${name}`,
      how: definition.how(context),
      record_ids: used.map((record) => record.record_id).sort(compareText),
    };
  }
  const times = records.flatMap((record) => (record.initiation_time == null ? [] : [record.initiation_time]));
  const ends = records.flatMap((record) => (record.disconnect_time == null ? [] : [record.disconnect_time]));
  return {
    settings: input.settings,
    service_level_s: input.serviceLevelSeconds,
    figures: complete(figures),
    contact_count: records.length,
    from_time: extreme(times, Math.min),
    to_time: extreme(ends, Math.max),
  };
}

function extreme(times: readonly UnixMillis[], choose: (left: number, right: number) => number): UnixMillis | null {
  let found: UnixMillis | null = null;
  for (const time of times) if (found === null || choose(time, found) === time) found = time;
  return found;
}

function complete(
  figures: Partial<Record<ContactMetricName, ContactFigure>>,
): Record<ContactMetricName, ContactFigure> {
  if (!isComplete(figures)) throw new Error("a contact metric has no definition");
  return figures;
}

function isComplete(
  figures: Partial<Record<ContactMetricName, ContactFigure>>,
): figures is Record<ContactMetricName, ContactFigure> {
  return CONTACT_METRIC_NAMES.every((name) => figures[name] !== undefined);
}

/**
 * One record a contact. Connect delivers a record again whenever something about the contact changes, up to 24 months
 * later; the newest `last_update_time` counts, never the first to arrive.
 */
export function newestRecords(records: readonly ContactRecordRow[]): ContactRecordRow[] {
  const byContact = new Map<string, ContactRecordRow>();
  for (const record of records) {
    const held = byContact.get(record.contact_id);
    if (held === undefined || isNewer(record, held)) byContact.set(record.contact_id, record);
  }
  return [...byContact.values()].sort((left, right) => compareText(left.contact_id, right.contact_id));
}

function isNewer(record: ContactRecordRow, held: ContactRecordRow): boolean {
  const difference = (record.last_update_time ?? 0) - (held.last_update_time ?? 0);
  return difference > 0 || (difference === 0 && compareText(record.record_id, held.record_id) > 0);
}
