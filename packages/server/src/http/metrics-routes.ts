import type { FastifyInstance } from "fastify";
import { allStatuses } from "./http-receivers.ts";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import { readSilence } from "../agents/silence.ts";
import { readStatus } from "../server-status.ts";
import type { ServerContext } from "./context.ts";

/** `GET /metrics` for Prometheus, and the timing of every other route. */
export function addMetricsRoutes(app: FastifyInstance, context: ServerContext): void {
  const metrics = new ServerMetrics();
  app.addHook("onResponse", async (request, reply) => {
    // an address that no route has would make a label of its own for whatever somebody asks
    const route = request.routeOptions.url ?? "none";
    metrics.observeRequest({
      method: request.method,
      route,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
  });
  app.get("/metrics", async (_request, reply) => {
    const { sources } = await readStatus(context);
    const silence = await readSilence(context.board, context.now());
    const receivers = allStatuses(context);
    const text = await metrics.render({
      sources,
      receivers,
      canaries: new Map(
        receivers.flatMap(({ name }) => {
          const canary = context.canaries.status(name);
          return canary === undefined ? [] : [[name, canary] as const];
        }),
      ),
      isStoreBusy: context.store.isBusy,
      liveDropped: context.tail.droppedCount,
      wfm: context.wfm.status(),
      slowReadersClosed: context.tail.slowReadersClosed,
      refusedRequests: context.intake.refusedCount,
      waitingBytes: context.intake.waitingBytes,
      silentAgents: silence.counts,
    });
    return reply.type(metrics.contentType).send(text);
  });
}
