import { setTimeout as timer } from "node:timers/promises";
import { AppError } from "@fourwire/core";
import type { Store } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { announceServer } from "./announce-server.ts";
import { SettleLoop } from "./agents/settle-loop.ts";
import { defaultConfig, type Config } from "./config/config.ts";
import { requireListenAddress, requireToken } from "./config/listen-address.ts";
import { describeOpening } from "./cli/open-report.ts";
import { openStore } from "./cli/open-store.ts";
import { VERSION } from "./cli/version.ts";
import type { ServerContext } from "./http/context.ts";
import { createContext } from "./http/create-context.ts";
import { createServer } from "./http/server.ts";
import { LiveTail } from "./live-tail.ts";
import { firstOpenDate } from "./open-days.ts";

const MOVE_EVERY_MS = 15 * 60_000;
const SERVER_MEMORY_LIMIT = "1GB";

export interface ServerOptions {
  /** The data directory. */
  readonly path: string;
  readonly command: "serve" | "demo";
  readonly config?: Config;
}

export interface RunningServer {
  readonly context: ServerContext;
  readonly url: string;
  /** Stops in order: no new requests, those that run, receivers, store. */
  close(): Promise<void>;
}

/** Opens the store, listens, then starts the receivers. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const config = options.config ?? defaultConfig();
  requireListenAddress(config.server);
  const store = await openStore({ path: options.path, command: options.command, memoryLimit: SERVER_MEMORY_LIMIT });
  for (const line of describeOpening(store.openReport)) process.stderr.write(`fourwire: ${line}\n`);
  const tail = new LiveTail();
  try {
    const context = await createContext({
      store,
      tail,
      config,
      isDemo: options.command === "demo",
      startedTime: Date.now(),
      version: VERSION,
      now: () => Date.now(),
    });
    requireToken(config.server, context.access.registry.hasValid);
    return await listen(context, options.command);
  } catch (error) {
    tail.close();
    await store.close();
    throw error;
  }
}

async function listen(context: ServerContext, command: string): Promise<RunningServer> {
  const { host, port: wanted } = context.config.server;
  const app = await createServer(context);
  try {
    await app.listen({ host, port: wanted });
  } catch (cause) {
    throw new AppError(
      "listen_failed",
      `cannot listen on ${host}:${wanted}: ${cause instanceof Error ? cause.message : String(cause)}; choose another --port`,
      { cause },
    );
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : wanted;
  const url = `http://${urlHostOf(host)}:${port}`;
  const stopAnnouncing = await announceServer(context.store, { command, url, token: context.token });
  const mover = setInterval(() => void moveClosedDays(context.store), MOVE_EVERY_MS);
  void moveClosedDays(context.store);
  const settleLoop = new SettleLoop(context.store);
  startBoard(context);
  context.wfm.start();
  context.receivers.start();
  return {
    context,
    url,
    close: async () => {
      clearInterval(mover);
      stopAnnouncing();
      await drain(app, context);
      await settleLoop.stop();
      await context.board.close();
      await context.store.close();
    },
  };
}

/** The board is read in the background: whoever asks for it sooner waits. */
function startBoard(context: ServerContext): void {
  context.board.start().catch((error: unknown) => {
    // stopped before it was read
    if (error instanceof AppError && error.code === "store_closed") return;
    process.stderr.write(
      `fourwire: the board of agents could not be started: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  });
}

/** Where commands on this machine reach a server that listens on `host`. */
function urlHostOf(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/**
 * Takes nothing new, lets what runs come to its end, and stops the receivers. What has not ended after
 * `server.drain_timeout` is cut off: it was not acknowledged, so its sender sends it again.
 */
async function drain(app: FastifyInstance, context: ServerContext): Promise<void> {
  const patience = new AbortController();
  context.intake.close();
  context.tail.close();
  context.wfm.close();
  context.board.feed.close();
  const closing = Promise.allSettled([app.close(), context.receivers.stop()]);
  const cut = timer(context.config.server.drain_timeout, "late" as const, { signal: patience.signal }).catch(
    () => "in time" as const,
  );
  if ((await Promise.race([closing, cut])) === "late") app.server.closeAllConnections();
  patience.abort();
  for (const outcome of await closing) {
    if (outcome.status === "rejected")
      process.stderr.write(
        `fourwire: stopping was not in order, nothing acknowledged is lost: ${String(outcome.reason)}\n`,
      );
  }
}

/** Closed days move to the lake in the background; a failure is said and tried again at the next turn. */
async function moveClosedDays(store: Store): Promise<void> {
  try {
    await store.moveClosedDays(firstOpenDate(Date.now()));
  } catch (error) {
    process.stderr.write(
      `fourwire: moving closed days to the lake failed, nothing is lost: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
