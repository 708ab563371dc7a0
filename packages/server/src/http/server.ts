import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { AppError } from "@fourwire/core";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { guard } from "./access.ts";
import { addAgentBoardRoutes } from "./agent-board-routes.ts";
import { addAgentFigureRoutes } from "./agent-figure-routes.ts";
import { addContactRoutes } from "./contact-routes.ts";
import { CODINGS } from "./content-coding.ts";
import type { ServerContext } from "./context.ts";
import { appErrorOf, errorBody, retryAfterOf, statusOf } from "./error-answer.ts";
import { addFirehoseRoutes } from "./firehose-routes.ts";
import { addIngestRoutes } from "./ingest-routes.ts";
import { addMetricsRoutes } from "./metrics-routes.ts";
import { addOperationRoutes } from "./operation-routes.ts";
import { addReceiverRoutes } from "./receiver-routes.ts";
import { addShiftRoutes } from "./shift-routes.ts";
import { addRecordRoutes } from "./record-routes.ts";
import { addTailRoute } from "./tail-route.ts";
import { addTokenRoutes } from "./token-routes.ts";
import { addWfmRoutes } from "./wfm-routes.ts";

/** A request has this long to arrive; a slow upload is cut off then. */
const REQUEST_TIMEOUT_MS = 120_000;

/** A thousand collectors keep a connection each; beyond this the newest are closed. */
const MAX_CONNECTIONS = 10_000;

/** The page, built beside this package. */
const PAGE_PATH = fileURLToPath(new URL("../../../web/dist/app/", import.meta.url));

/** The HTTP server over a store: the API under /v1, the page for everything else. */
export async function createServer(context: ServerContext): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    // closing waits for requests that run; start-server.ts ends those that take too long
    forceCloseConnections: "idle",
    return503OnClosing: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.addHook("onRequest", async (request) => guard(request, context));
  // a connection that is kept alive after its last answer would keep the server from stopping
  app.addHook("onSend", async (_request, reply) => {
    if (context.intake.isClosing) reply.header("connection", "close");
  });
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const appError = appErrorOf(error);
    const status = statusOf(appError);
    if (status === 503 || status === 429) reply.header("retry-after", retryAfterOf(appError));
    if (status === 401) reply.header("www-authenticate", 'Bearer realm="fourwire"');
    if (status === 415) reply.header("accept-encoding", CODINGS.join(", "));
    return reply.code(status).send(errorBody(appError));
  });
  addMetricsRoutes(app, context);
  addRecordRoutes(app, context);
  addContactRoutes(app, context);
  addAgentBoardRoutes(app, context);
  addAgentFigureRoutes(app, context);
  addShiftRoutes(app, context);
  addOperationRoutes(app, context);
  addTailRoute(app, context);
  addTokenRoutes(app, context);
  addReceiverRoutes(app, context);
  addWfmRoutes(app, context);
  await app.register(async (scope) => {
    // The routes read the body themselves, once they know who sends it, and a content type says nothing about it.
    scope.addHook("onRequest", async (request) => {
      request.raw.headers["content-type"] = "application/octet-stream";
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    addIngestRoutes(scope, context);
    await addFirehoseRoutes(scope, context);
  });
  await addPage(app);
  return app;
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.sendFile("index.html", { maxAge: 0, immutable: false });
}

async function addPage(app: FastifyInstance): Promise<void> {
  const hasPage = existsSync(PAGE_PATH);
  if (hasPage) {
    await app.register(fastifyStatic, { root: PAGE_PATH, index: false, maxAge: "1h", immutable: true });
    // a folder without an index is forbidden ground to the static files, and the root is a folder
    app.get("/", (_request, reply) => sendPage(reply));
  }
  app.setNotFoundHandler((request, reply) => {
    // the page routes itself; only the API and the page's files can be missing
    const isPage = request.method === "GET" && !request.url.startsWith("/v1/") && !request.url.startsWith("/assets/");
    if (hasPage && isPage) return sendPage(reply);
    return reply
      .code(404)
      .send(errorBody(new AppError("not_found", `nothing is served at ${request.method} ${request.url}`)));
  });
}
