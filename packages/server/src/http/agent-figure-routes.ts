import {
  AGENT_INTERVAL_NAMES,
  AGENT_METRIC_NAMES,
  AppError,
  inIso,
  type AdherenceResponse,
  type AgentDayResponse,
  type AgentIntervalsResponse,
  type FigureEvidenceResponse,
  type ReconciliationResponse,
} from "@fourwire/core";
import type { FastifyInstance } from "fastify";
import { readAdherence } from "../agents/agent-adherence.ts";
import { readAgentDay, readFigureEvidence } from "../agents/agent-day.ts";
import { readIntervals } from "../agents/agent-intervals.ts";
import { reconcileAgents } from "../agents/agent-reconciliation.ts";
import { agentSpan, findAgent } from "../agents/agent-spans.ts";
import { intervalCsv } from "../agents/interval-csv.ts";
import type { ServerContext } from "./context.ts";
import { oneOfParameter, rangeParameters, textParameter, textParameters, type Parameters } from "./parameters.ts";

const DAY_MS = 86_400_000;

/** Longest span of figures over many agents. */
const MAX_SPAN_DAYS = 31;

interface AgentRequest {
  Params: { agent: string };
  Querystring: Parameters;
}

export function addAgentFigureRoutes(app: FastifyInstance, context: ServerContext): void {
  const { store } = context;
  const settings = context.config.agents;

  app.get<AgentRequest>("/v1/agents/:agent/day", async (request): Promise<AgentDayResponse> => {
    const agent = await findAgent(store, request.params.agent);
    return readAgentDay(store, settings, agent, agentSpan(request.query, agent, context.now()));
  });

  app.get<AgentRequest & { Params: { metric: string } }>(
    "/v1/agents/:agent/figures/:metric",
    async (request): Promise<FigureEvidenceResponse> => {
      const metric = AGENT_METRIC_NAMES.find((name) => name === request.params.metric);
      if (metric === undefined)
        throw new AppError(
          "not_found",
          `no metric "${request.params.metric}"; metrics are ${AGENT_METRIC_NAMES.join(", ")}`,
        );
      const agent = await findAgent(store, request.params.agent);
      const span = agentSpan(request.query, agent, context.now());
      return readFigureEvidence(store, settings, { agent, span, metric });
    },
  );

  app.get<{ Querystring: Parameters }>(
    "/v1/agents/intervals",
    async (request, reply): Promise<AgentIntervalsResponse | string> => {
      const parameters = request.query;
      const response = await readIntervals(store, settings, {
        ...boundedRange(parameters),
        interval: oneOfParameter(parameters, "interval", AGENT_INTERVAL_NAMES, "15m"),
        zone: textParameter(parameters, "zone") ?? "UTC",
        personIds: await personsOf(context, parameters),
      });
      if (oneOfParameter(parameters, "format", ["json", "csv"], "json") === "json") return response;
      void reply.header("content-disposition", 'attachment; filename="agent-intervals.csv"');
      void reply.type("text/csv; charset=utf-8; header=present");
      return intervalCsv(response);
    },
  );

  app.get<AgentRequest>("/v1/agents/:agent/reconciliation", async (request): Promise<ReconciliationResponse> => {
    const agent = await findAgent(store, request.params.agent);
    const span = agentSpan(request.query, agent, context.now());
    return reconciliation(context, { from: span.from, to: span.to, personIds: [agent.person.personId] });
  });

  app.get<{ Querystring: Parameters }>("/v1/reconciliation", (request): Promise<ReconciliationResponse> =>
    reconciliation(context, { ...boundedRange(request.query), personIds: undefined }),
  );

  app.get<{ Querystring: Parameters }>("/v1/adherence", async (request): Promise<AdherenceResponse> => {
    const started = performance.now();
    const range = boundedRange(request.query);
    const result = await readAdherence(store, settings, {
      from: range.from,
      to: Math.min(range.to, context.now()),
      personIds: await personsOf(context, request.query),
    });
    const isWithStretches = oneOfParameter(request.query, "stretches", ["true", "false"], "false") === "true";
    return {
      from_time: new Date(range.from).toISOString(),
      to_time: new Date(range.to).toISOString(),
      agents: result.agents.map((agent) => inIso(isWithStretches ? agent : { ...agent, stretches: [] })),
      unknown_agents: result.unknownAgents,
      pending_days: result.pendingDays,
      took_ms: Math.round(performance.now() - started),
    };
  });
}

async function reconciliation(
  context: ServerContext,
  range: { readonly from: number; readonly to: number; readonly personIds: readonly string[] | undefined },
): Promise<ReconciliationResponse> {
  const started = performance.now();
  const result = await reconcileAgents(context.store, { ...range, now: context.now() });
  return {
    from_time: new Date(range.from).toISOString(),
    to_time: new Date(range.to).toISOString(),
    agents: result.agents,
    pending_days: result.pendingDays,
    took_ms: Math.round(performance.now() - started),
  };
}

function boundedRange(parameters: Parameters): { readonly from: number; readonly to: number } {
  const range = rangeParameters(parameters);
  if (range.to - range.from > MAX_SPAN_DAYS * DAY_MS)
    throw new AppError("parameter_invalid", `the span is longer than ${MAX_SPAN_DAYS} days; ask for less`);
  return range;
}

/** The persons that `agent` parameters name; undefined: everybody. */
async function personsOf(context: ServerContext, parameters: Parameters): Promise<readonly string[] | undefined> {
  const names = textParameters(parameters, "agent");
  if (names.length === 0) return undefined;
  const found = await Promise.all(names.map((name) => findAgent(context.store, name)));
  return [...new Set(found.map((agent) => agent.person.personId))];
}
