import {
  deriveIntervals,
  deriveMetrics,
  inIso,
  type AgentActivity,
  type AgentApiChange,
  type AgentDayResponse,
  type AgentDerivation,
  type AgentMetricName,
  type AgentMetrics,
  type AgentStatusSpan,
  type FigureEvidenceResponse,
  type RecordSummary,
} from "@fourwire/core";
import type { PlainRow, Store } from "@fourwire/store";
import { summaryOf } from "../record-json.ts";
import { deriveSpan } from "./agent-derivation.ts";
import type { AgentSettings } from "./agent-settings.ts";
import type { AgentSpanRequest, FoundAgent } from "./agent-spans.ts";

/** CCP errors and API changes of one day that are shown. */
const MAX_RECORDS = 500;

/** Records behind one figure that are shown. */
const MAX_EVIDENCE = 500;

/** Names of operations that only read; an agent's own desktop makes thousands of them. */
const READS = /^(?:Get|List|Describe|Search|BatchGet)/;

/** Everything about one agent's day. */
export async function readAgentDay(
  store: Store,
  settings: AgentSettings,
  agent: FoundAgent,
  span: AgentSpanRequest,
): Promise<AgentDayResponse> {
  const started = performance.now();
  const derivation = await deriveSpan(store, agent.person, span);
  const [errors, changes] = await Promise.all([
    readCcpErrors(store, agent, span),
    readApiChanges(store, agent, { span, routingProfileId: derivation.state.routing_profile_id }),
  ]);
  const { state } = derivation;
  const names = [state.first_name, state.last_name].filter((name) => name !== null);
  return {
    agent_id: derivation.agent_id,
    agent_username: derivation.agent_username ?? agent.username,
    name: names.length === 0 ? null : names.join(" "),
    agent_ids: agent.person.agentIds,
    from_time: new Date(span.from).toISOString(),
    to_time: new Date(span.to).toISOString(),
    date: span.date,
    zone: span.zone,
    state: state.last_event_time === null ? null : inIso(state),
    activity: inIso(derivation.activity),
    statuses: statusSpans(derivation.activity),
    contact_states: inIso(derivation.contact_states),
    after_contact_work: inIso(derivation.after_contact_work),
    offers: inIso(derivation.offers),
    login_sessions: inIso(derivation.login_sessions),
    gaps: inIso(derivation.gaps),
    ccp_errors: errors.records,
    api_changes: changes.records,
    totals: inIso(metricsOf(derivation, settings).figures),
    settings: settings.metrics,
    truncated: [...(errors.isTruncated ? ["ccp_errors"] : []), ...(changes.isTruncated ? ["api_changes"] : [])],
    took_ms: Math.round(performance.now() - started),
  };
}

/** The metrics of a derivation over its whole span. */
function metricsOf(derivation: AgentDerivation, settings: AgentSettings): AgentMetrics {
  const { from_time: from, to_time: to } = derivation;
  return deriveMetrics({ intervals: deriveIntervals(derivation, [from, to]), from, to, settings: settings.metrics });
}

/** Stretches of one status, whatever the activity in them. */
function statusSpans(activity: readonly AgentActivity[]): readonly AgentStatusSpan[] {
  const spans: AgentStatusSpan[] = [];
  for (const row of activity) {
    const span = statusSpanOf(row);
    const last = spans.at(-1);
    if (last !== undefined && continues(last, span)) spans[spans.length - 1] = joined(last, span);
    else spans.push(span);
  }
  return spans;
}

function statusSpanOf(row: AgentActivity): AgentStatusSpan {
  return {
    status_name: row.status_name,
    status_type: row.status_type,
    start_time: new Date(row.start_time).toISOString(),
    end_time: new Date(row.end_time).toISOString(),
    duration_ms: row.duration_ms,
    is_unknown: row.is_unknown,
    record_ids: row.record_ids,
  };
}

function continues(last: AgentStatusSpan, next: AgentStatusSpan): boolean {
  return (
    last.end_time === next.start_time &&
    last.status_name === next.status_name &&
    last.status_type === next.status_type &&
    last.is_unknown === next.is_unknown
  );
}

/** One span of both: of the records the one that began it and the one that ended it. */
function joined(last: AgentStatusSpan, next: AgentStatusSpan): AgentStatusSpan {
  return {
    ...last,
    end_time: next.end_time,
    duration_ms: last.duration_ms + next.duration_ms,
    record_ids: [...new Set([...last.record_ids.slice(0, 1), ...next.record_ids.slice(-1)])],
  };
}

interface Records<Row> {
  readonly records: readonly Row[];
  readonly isTruncated: boolean;
}

async function readCcpErrors(store: Store, agent: FoundAgent, span: AgentSpanRequest): Promise<Records<RecordSummary>> {
  const rows = await store.records.page({
    from: span.from,
    to: span.to,
    terms: [
      { kind: "equals", field: "source", values: ["ccp_log"], isNegated: false },
      { kind: "equals", field: "agent_id", values: agent.person.agentIds, isNegated: false },
      { kind: "compare", field: "severity_number", operator: ">=", value: 17, isNegated: false },
    ],
    limit: MAX_RECORDS + 1,
  });
  return { records: rows.slice(0, MAX_RECORDS).toReversed().map(summaryOf), isTruncated: rows.length > MAX_RECORDS };
}

async function readApiChanges(
  store: Store,
  agent: FoundAgent,
  { span, routingProfileId }: { readonly span: AgentSpanRequest; readonly routingProfileId: string | null },
): Promise<Records<AgentApiChange>> {
  const ids = agent.person.agentIds;
  const rows = await store.contacts.apiRows(
    span,
    {
      flowIds: [],
      queueIds: [],
      routingProfileIds: routingProfileId === null ? [] : [routingProfileId],
      agentIds: ids,
    },
    ids.map((id) => ({ agent_id: id, agent_username: agent.username ?? undefined, from: span.from, to: span.to })),
  );
  const changes = rows
    .filter((row) => !READS.test(String(row["event_name"])))
    .map((row) => ({ ...summaryOf(row), relation: relationOf(row, ids, routingProfileId) }));
  return { records: changes.slice(0, MAX_RECORDS), isTruncated: changes.length > MAX_RECORDS };
}

function relationOf(
  row: PlainRow,
  ids: readonly string[],
  routingProfileId: string | null,
): AgentApiChange["relation"] {
  const names = (column: string): boolean => ids.includes(String(row[column]));
  if (names("agent_id") || names("resource_id")) return "changed_agent";
  const isProfile =
    routingProfileId !== null && [row["routing_profile_id"], row["resource_id"]].includes(routingProfileId);
  return isProfile ? "changed_routing_profile" : "made_by_agent";
}

/** What one figure was read from: the rows that count, and their records. */
export async function readFigureEvidence(
  store: Store,
  settings: AgentSettings,
  request: { readonly agent: FoundAgent; readonly span: AgentSpanRequest; readonly metric: AgentMetricName },
): Promise<FigureEvidenceResponse> {
  const derivation = await deriveSpan(store, request.agent.person, request.span);
  const figure = metricsOf(derivation, settings).figures[request.metric];
  const tables = figure.rows.map(({ table, where }) => ({
    table,
    rows: rowsOf(derivation, table).filter((row) => matches(row, where)),
  }));
  const ids = [...new Set(tables.flatMap(({ rows }) => rows.flatMap((row) => textsOf(row["record_ids"]))))];
  const records = await store.derived.records(ids.slice(0, MAX_EVIDENCE));
  return {
    metric: request.metric,
    figure: inIso(figure),
    rows: tables.map(({ table, rows }) => ({ table, rows: rows.map((row) => inIso(row)) })),
    records: records.map(summaryOf),
    is_truncated: ids.length > MAX_EVIDENCE,
  };
}

type PlainRecord = Readonly<Record<string, unknown>>;

function rowsOf(derivation: AgentDerivation, table: string): readonly PlainRecord[] {
  const tables: Readonly<Record<string, readonly object[]>> = {
    agent_activity: derivation.activity,
    agent_after_contact_work: derivation.after_contact_work,
    agent_offer: derivation.offers,
    agent_contact_state: derivation.contact_states,
    agent_login_session: derivation.login_sessions,
  };
  return (tables[table] ?? []).map((row) => ({ ...row }));
}

function matches(row: PlainRecord, where: Readonly<Record<string, readonly unknown[]>>): boolean {
  return Object.entries(where).every(([column, wanted]) => wanted.includes(row[column]));
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
