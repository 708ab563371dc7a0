import {
  AppError,
  type AgentResponse,
  type AgentsResponse,
  type ContactsResponse,
  type ContactSummary,
  type ResolveResponse,
  type SourceName,
  type RecordSummary,
} from "@fourwire/core";
import type { AgentRow, PlainRow } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { readAgent, readAgentList } from "../agent-records.ts";
import { readContactTimeline } from "../contact-timeline.ts";
import { isoOf } from "../record-json.ts";
import type { ServerContext } from "./context.ts";
import { integerParameter, openSpanParameters, rangeParameters, textParameter, type Parameters } from "./parameters.ts";

export function addContactRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get("/v1/contacts", async (request): Promise<ContactsResponse> => {
    const started = performance.now();
    const parameters = request.query as Parameters;
    const limit = integerParameter(parameters, "limit", { fallback: 100, min: 1, max: 500 });
    const range = rangeParameters(parameters);
    const rows = await context.store.contacts.contacts(range, limit);
    return { contacts: await summarize(context, rows), took_ms: Math.round(performance.now() - started) };
  });

  app.get<{ Params: { id: string } }>("/v1/contacts/:id", async (request) => {
    const timeline = await readContactTimeline(context.store, request.params.id);
    if (timeline === undefined) throw new AppError("not_found", `no record names the contact "${request.params.id}"`);
    return timeline;
  });

  app.get("/v1/agents", async (request): Promise<AgentsResponse> => {
    const range = rangeParameters(request.query as Parameters);
    return { agents: await readAgentList(context.store, range) };
  });

  app.get<{ Params: { agent: string } }>("/v1/agents/:agent", async (request): Promise<AgentResponse> => {
    const agent = await readAgent(context.store, request.params.agent, openSpanParameters(request.query as Parameters));
    if (agent === undefined)
      throw new AppError(
        "not_found",
        `no record names the agent "${request.params.agent}"; use the id, login name or ARN`,
      );
    return agent;
  });

  app.get("/v1/resolve", async (request): Promise<ResolveResponse> => {
    const id = textParameter(request.query as Parameters, "id")?.trim();
    if (id === undefined)
      throw new AppError("parameter_invalid", "id is missing: /v1/resolve?id=<contact, agent, flow or record id>");
    return { matches: await resolve(context, id) };
  });
}

async function summarize(context: ServerContext, rows: readonly PlainRow[]): Promise<readonly ContactSummary[]> {
  if (rows.length === 0) return [];
  const from = Math.min(...rows.map((row) => row["first_event_time"] as number));
  const to = Math.max(...rows.map((row) => row["last_event_time"] as number));
  const counts = await context.store.contacts.contactCounts(
    rows.map((row) => row["contact_id"] as string),
    { from, to },
  );
  return rows.map((row) => {
    const own = counts.filter((count) => count["contact_id"] === row["contact_id"]);
    return {
      contact_id: row["contact_id"] as string,
      first_event_time: isoOf(row["first_event_time"]) ?? "",
      last_event_time: isoOf(row["last_event_time"]) ?? "",
      record_count: sum(own, "record_count"),
      error_count: sum(own, "error_count"),
      sources: own.map((count) => count["source"] as SourceName),
      agents: [...new Set(own.flatMap((count) => (count["agents"] as string[] | null) ?? []))],
    };
  });
}

function sum(rows: readonly PlainRow[], name: string): number {
  return rows.reduce((total, row) => total + Number(row[name]), 0);
}

type Match = ResolveResponse["matches"][number];

/** What an id names: tried as contact, agent, record and flow. */
async function resolve(context: ServerContext, text: string): Promise<readonly Match[]> {
  const id = text.startsWith("arn:") ? text.slice(text.lastIndexOf("/") + 1) : text;
  const [span, agents, flows, record] = await Promise.all([
    context.store.contacts.span(id),
    context.store.contacts.findAgents(text),
    context.store.contacts.flowNames(id),
    context.store.records.findById(id),
  ]);
  return [
    ...(span === undefined ? [] : [{ kind: "contact" as const, id, label: `Contact ${id}` }]),
    ...agents.map((agent) => agentMatch(agent)),
    ...flows.map((flow) => ({
      kind: "flow" as const,
      id: flow.flow_id,
      label: `Flow ${flow.flow_name ?? flow.flow_id}`,
    })),
    ...(record === undefined
      ? []
      : [{ kind: "record" as const, id, label: `Record of ${(record as unknown as RecordSummary).source}` }]),
  ];
}

function agentMatch(agent: AgentRow): Match {
  return { kind: "agent", id: agent.agent_id, label: `Agent ${agent.agent_username ?? agent.agent_id}` };
}
