import type { AgentBoardResponse } from "@fourwire/core";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { boardAt } from "../agents/board-at.ts";
import type { ServerContext } from "./context.ts";
import { EventStream } from "./event-stream.ts";
import { instantOf, textParameter, type Parameters } from "./parameters.ts";

export function addAgentBoardRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<{ Querystring: Parameters }>("/v1/agents/board", async (request): Promise<AgentBoardResponse> => {
    const at = textParameter(request.query, "at");
    if (at === undefined) return context.board.snapshot();
    return boardAt(context.store, context.board.settings, instantOf(at, "at"));
  });

  app.get<{ Querystring: Parameters }>("/v1/live/agents", async (request, reply) => {
    const { board } = context;
    const lastId = lastEventId(request);
    await board.start();
    let stop: (() => void) | undefined;
    const stream = new EventStream(reply, () => stop?.());
    if (lastId !== undefined && board.feed.canResume(lastId)) {
      stop = board.feed.follow(stream, lastId);
      return;
    }
    const snapshot = await board.snapshot();
    const sequence = snapshot.sequence ?? "";
    stream.send("snapshot", JSON.stringify(snapshot), sequence);
    stop = board.feed.follow(stream, sequence);
  });
}

/** The header a browser sends when it comes back, or the parameter for clients that cannot set it. */
function lastEventId(request: FastifyRequest<{ Querystring: Parameters }>): string | undefined {
  const header = request.headers["last-event-id"];
  return typeof header === "string" && header !== "" ? header : textParameter(request.query, "last_event_id");
}
