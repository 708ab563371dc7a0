import type { FastifyInstance } from "fastify";
import type { IngestResult } from "../ingest.ts";
import type { ServerContext } from "./context.ts";
import { receiveRecords } from "./receive.ts";

/** Where records are posted: the answer is sent when they are on disk. */
export function addIngestRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post<{ Params: { source: string } }>("/v1/records/:source", (request): Promise<IngestResult> => {
    const { source } = request.params;
    return receiveRecords(request, context, { route: `records/${source}`, source });
  });

  // The collector's batches: entries as lines, as an array, or in an envelope `{"group": "...", "logs": [...]}`.
  app.post("/v1/ccp-logs", (request): Promise<IngestResult> =>
    receiveRecords(request, context, { route: "ccp-logs", source: "ccp_log" }),
  );

  // Amazon EventBridge API destinations: contact events and `AWS API Call via CloudTrail`, one event a request.
  app.post("/v1/eventbridge", (request): Promise<IngestResult> =>
    receiveRecords(request, context, { route: "eventbridge", source: "auto" }),
  );
}
