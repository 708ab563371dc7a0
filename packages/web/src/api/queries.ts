import type {
  AgentDayResponse,
  AgentMetricName,
  AgentResponse,
  AgentsResponse,
  AroundResponse,
  ContactsResponse,
  ContactTimeline,
  FacetsResponse,
  FigureEvidenceResponse,
  HistogramResponse,
  QueryResponse,
  ReceiversResponse,
  ReconciliationResponse,
  SilenceResponse,
  RecordResponse,
  RecordsResponse,
  RejectedResponse,
  ResolveResponse,
  StatusResponse,
} from "@fourwire/core";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ianaZone } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import { getJson, postJson } from "./client.ts";

/** ISO instants. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

const RECORDS_PAGE = 500;
const REJECTED_PAGE = 200;
const CONTACTS_LIMIT = 500;
const QUERY_LIMIT = 10_000;
const STATUS_INTERVAL_MS = 5000;
const DAY_INTERVAL_MS = 15_000;

export function statusQuery() {
  return queryOptions({
    queryKey: ["status"],
    queryFn: ({ signal }) => getJson<StatusResponse>("/v1/status", {}, signal),
    refetchInterval: STATUS_INTERVAL_MS,
    retry: false,
  });
}

export function recordsQuery(span: Span, q: string) {
  return infiniteQueryOptions({
    queryKey: ["records", span.from, span.to, q],
    queryFn: ({ signal, pageParam }) =>
      getJson<RecordsResponse>("/v1/records", { ...span, q, limit: RECORDS_PAGE, before: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The newest records now, to begin a live list with. */
export function latestRecords(q: string, limit: number, signal: AbortSignal): Promise<RecordsResponse> {
  return getJson<RecordsResponse>("/v1/records", { q, limit }, signal);
}

export function histogramQuery(span: Span, q: string, buckets: number) {
  return queryOptions({
    queryKey: ["histogram", span.from, span.to, q, buckets],
    queryFn: ({ signal }) => getJson<HistogramResponse>("/v1/records/histogram", { ...span, q, buckets }, signal),
    placeholderData: keepPreviousData,
  });
}

export function facetsQuery(span: Span, q: string) {
  return queryOptions({
    queryKey: ["facets", span.from, span.to, q],
    queryFn: ({ signal }) => getJson<FacetsResponse>("/v1/records/facets", { ...span, q }, signal),
    placeholderData: keepPreviousData,
  });
}

export function recordQuery(recordId: string) {
  return queryOptions({
    queryKey: ["record", recordId],
    queryFn: ({ signal }) => getJson<RecordResponse>(`/v1/records/${encodeURIComponent(recordId)}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

export function aroundQuery(recordId: string) {
  return queryOptions({
    queryKey: ["around", recordId],
    queryFn: ({ signal }) => getJson<AroundResponse>(`/v1/records/${encodeURIComponent(recordId)}/around`, {}, signal),
  });
}

export function contactsQuery(span: Span) {
  return queryOptions({
    queryKey: ["contacts", span.from, span.to],
    queryFn: ({ signal }) => getJson<ContactsResponse>("/v1/contacts", { ...span, limit: CONTACTS_LIMIT }, signal),
    placeholderData: keepPreviousData,
  });
}

export function contactQuery(contactId: string, isLive: boolean) {
  return queryOptions({
    queryKey: ["contact", contactId],
    queryFn: ({ signal }) => getJson<ContactTimeline>(`/v1/contacts/${encodeURIComponent(contactId)}`, {}, signal),
    refetchInterval: isLive ? STATUS_INTERVAL_MS : false,
  });
}

export function agentsQuery(span: Span) {
  return queryOptions({
    queryKey: ["agents", span.from, span.to],
    queryFn: ({ signal }) => getJson<AgentsResponse>("/v1/agents", { ...span }, signal),
    placeholderData: keepPreviousData,
  });
}

export function agentQuery(agent: string, span: Span) {
  return queryOptions({
    queryKey: ["agent", agent, span.from, span.to],
    queryFn: ({ signal }) => getJson<AgentResponse>(`/v1/agents/${encodeURIComponent(agent)}`, { ...span }, signal),
    placeholderData: keepPreviousData,
  });
}

export function receiversQuery() {
  return queryOptions({
    queryKey: ["receivers"],
    queryFn: ({ signal }) => getJson<ReceiversResponse>("/v1/receivers", {}, signal),
    refetchInterval: STATUS_INTERVAL_MS,
  });
}

export function silenceQuery() {
  return queryOptions({
    queryKey: ["silence"],
    queryFn: ({ signal }) => getJson<SilenceResponse>("/v1/silence", {}, signal),
    refetchInterval: STATUS_INTERVAL_MS,
  });
}

/** A day of an agent in the zone's calendar; the agent's last one without a date. It is read again while it may grow. */
export function agentDayQuery(agent: string, date: string | undefined, zone: Zone) {
  return queryOptions({
    queryKey: ["agent day", agent, date, zone],
    queryFn: ({ signal }) =>
      getJson<AgentDayResponse>(`/v1/agents/${encodeURIComponent(agent)}/day`, { date, zone: ianaZone(zone) }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: DAY_INTERVAL_MS,
  });
}

/** What one figure of a day was read from. */
export function figureEvidenceQuery(day: AgentDayResponse, metric: AgentMetricName) {
  const { agent_id, from_time: from, to_time: to } = day;
  return queryOptions({
    queryKey: ["figure", agent_id, metric, from, to],
    queryFn: ({ signal }) =>
      getJson<FigureEvidenceResponse>(
        `/v1/agents/${encodeURIComponent(agent_id)}/figures/${metric}`,
        { from, to },
        signal,
      ),
  });
}

/** The day's events against contact records. */
export function reconciliationQuery(day: AgentDayResponse) {
  const { agent_id, from_time: from, to_time: to } = day;
  return queryOptions({
    queryKey: ["reconciliation", agent_id, from, to],
    queryFn: ({ signal }) =>
      getJson<ReconciliationResponse>(
        `/v1/agents/${encodeURIComponent(agent_id)}/reconciliation`,
        { from, to },
        signal,
      ),
    placeholderData: keepPreviousData,
  });
}

export function rejectedQuery() {
  return infiniteQueryOptions({
    queryKey: ["rejected"],
    queryFn: ({ signal, pageParam }) =>
      getJson<RejectedResponse>("/v1/rejected", { limit: REJECTED_PAGE, before: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function resolveQuery(id: string) {
  return queryOptions({
    queryKey: ["resolve", id],
    queryFn: ({ signal }) => getJson<ResolveResponse>("/v1/resolve", { id }, signal),
  });
}

/** Reads only: the server runs user SQL without the right to change anything, with limits of time and rows. */
export function sqlQuery(sql: string) {
  return queryOptions({
    queryKey: ["sql", sql],
    queryFn: ({ signal }) => postJson<QueryResponse>("/v1/query", { sql, limit: QUERY_LIMIT }, signal),
    retry: false,
    staleTime: 0,
    refetchOnMount: "always",
  });
}
