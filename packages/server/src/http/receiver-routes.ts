import type { ReceiversResponse, SilenceResponse } from "@fourwire/core";
import { dataDirectory } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { readSilence } from "../agents/silence.ts";
import type { CanaryStatus } from "../receivers/canary/canary-watch.ts";
import type { ReceiverStatus } from "../receivers/receiver.ts";
import { isoOf } from "../record-json.ts";
import type { ServerContext } from "./context.ts";
import { allStatuses } from "./http-receivers.ts";

/** How the receivers are doing, and the probes. */
export function addReceiverRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get("/v1/receivers", (): ReceiversResponse => {
    return {
      now: new Date().toISOString(),
      receivers: allStatuses(context).map((status) => receiverJson(status, context.canaries.status(status.name))),
      refused_count: context.intake.refusedCount,
      waiting_bytes: context.intake.waitingBytes,
      live_readers: context.tail.readerCount,
      slow_readers_closed: context.tail.slowReadersClosed,
    };
  });

  app.get("/v1/silence", (): Promise<SilenceResponse> => readSilence(context.board, context.now()));

  // Alive: the process answers. Where a token is needed, the probe is told no path.
  app.get("/healthz", () => ({
    status: "ok",
    ...(context.access.mode === "token" ? {} : { data: dataDirectory(context.store.directory.root).root }),
  }));

  // Ready: records would be taken now. A load balancer holds back while it is not.
  app.get("/readyz", (_request, reply) => {
    const refusal = context.intake.refusal();
    if (refusal === undefined) return { status: "ready" };
    return reply
      .code(503)
      .header("retry-after", String(refusal.retryAfterS))
      .send({ status: "not ready", code: refusal.code, message: refusal.message });
  });
}

function receiverJson(
  status: ReceiverStatus,
  canary: CanaryStatus | undefined,
): ReceiversResponse["receivers"][number] {
  return {
    name: status.name,
    type: status.type,
    state: status.state,
    detail: status.detail,
    last_record_time: isoOf(status.lastRecordTime ?? undefined),
    lag_ms: status.lagMs,
    records_per_minute: status.recordsPerMinute,
    appended: status.appended,
    duplicate: status.duplicate,
    rejected: status.rejected,
    dropped: status.dropped,
    canary: canary === undefined ? null : canaryJson(canary),
    live_tail:
      status.liveTail === undefined
        ? null
        : {
            is_connected: status.liveTail.isConnected,
            session_count: status.liveTail.sessionCount,
            wake_count: status.liveTail.wakeCount,
          },
    gaps: status.gaps.map((gap) => ({
      from_time: new Date(gap.from).toISOString(),
      to_time: new Date(gap.to).toISOString(),
      reason: gap.reason,
    })),
  };
}

function canaryJson(canary: CanaryStatus): NonNullable<ReceiversResponse["receivers"][number]["canary"]> {
  return {
    sent: canary.sent,
    arrived: canary.arrived,
    lost: canary.lost,
    last_sent_time: isoOf(canary.lastSentTime ?? undefined),
    last_arrived_time: isoOf(canary.lastArrivedTime ?? undefined),
    last_latency_ms: canary.lastLatencyMs,
    send_error: canary.sendError,
  };
}
