import { once } from "node:events";
import { AppError } from "@fourwire/core";
import type { FastifyInstance, FastifyReply } from "fastify";
import { readIntervals } from "../agents/agent-intervals.ts";
import { intervalCsv } from "../agents/interval-csv.ts";
import type { ServerContext } from "./context.ts";
import { oneOfParameter, rangeParameters, textParameter, type Parameters } from "./parameters.ts";

const DAY_MS = 86_400_000;

/** Longest replay, and how much of it is read at a time. */
const MAX_REPLAY_DAYS = 31;
const REPLAY_STEP_MS = 15 * 60_000;

/** Files for workforce management tools, beside the feed. */
export function addWfmFileRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<{ Querystring: Parameters }>("/v1/wfm/intervals.csv", async (request, reply): Promise<string> => {
    const response = await readIntervals(context.store, context.config.agents, {
      ...rangeParameters(request.query),
      interval: oneOfParameter(request.query, "interval", ["15m", "30m"], "30m"),
      zone: textParameter(request.query, "zone") ?? "UTC",
      personIds: undefined,
    });
    void reply.type("text/csv; charset=utf-8; header=present");
    void reply.header("content-disposition", 'attachment; filename="wfm-intervals.csv"');
    return intervalCsv(response);
  });

  app.get<{ Querystring: Parameters }>("/v1/wfm/replay", async (request, reply) => {
    const range = rangeParameters(request.query);
    if (range.to - range.from > MAX_REPLAY_DAYS * DAY_MS)
      throw new AppError("parameter_invalid", `the span is longer than ${MAX_REPLAY_DAYS} days; ask for less`);
    await replay(context, range, reply);
  });
}

/** Agent events as they were received, in order of time, a line each; read and sent piece by piece. */
async function replay(
  context: ServerContext,
  range: { readonly from: number; readonly to: number },
  reply: FastifyReply,
): Promise<void> {
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "application/x-ndjson" });
  try {
    for (let from = range.from; from < range.to && !reply.raw.destroyed; from += REPLAY_STEP_MS) {
      const bodies = await context.store.derived.eventBodies(from, Math.min(from + REPLAY_STEP_MS, range.to));
      if (bodies.length === 0) continue;
      if (!reply.raw.write(`${bodies.map(oneLine).join("\n")}\n`)) await once(reply.raw, "drain");
    }
    reply.raw.end();
  } catch (error) {
    // half an answer must not look like a whole one
    reply.raw.destroy(error instanceof Error ? error : undefined);
  }
}

/** The body as received may be written over several lines. */
function oneLine(body: string): string {
  return body.includes("\n") ? JSON.stringify(JSON.parse(body)) : body;
}
