import { randomBytes } from "node:crypto";
import { AppError } from "@fourwire/core";
import { defaultConfig, type Config } from "./config/config.ts";
import { openStore } from "./cli/open-store.ts";
import { VERSION } from "./cli/version.ts";
import type { ServerContext } from "./http/context.ts";
import { createServer } from "./http/server.ts";
import { LiveTail } from "./live-tail.ts";
import { firstOpenDate } from "./open-days.ts";
import { deliver, sleep } from "./receivers/deliver.ts";
import { Receivers } from "./receivers/start-receivers.ts";

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
  /** Stops in order: receivers, requests, store. */
  close(): Promise<void>;
}

/** Opens the store, listens, then starts the receivers. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const config = options.config ?? defaultConfig();
  const store = await openStore({ path: options.path, command: options.command, memoryLimit: SERVER_MEMORY_LIMIT });
  for (const path of store.openReport.missingLakeFiles)
    process.stderr.write(`fourwire: lake file is missing: ${path}; its records cannot be read\n`);
  const tail = new LiveTail();
  try {
    const receivers = Receivers.create(config.receivers, {
      deliver: (messages, signal, onRefused) => deliver({ store, tail }, messages, signal, onRefused),
      checkpoints: store.checkpoints,
      now: () => Date.now(),
      sleep,
    });
    const context: ServerContext = {
      store,
      tail,
      receivers,
      token: randomBytes(24).toString("base64url"),
      isDemo: options.command === "demo",
      startedTime: Date.now(),
      version: VERSION,
    };
    return await listen(context, config, options.command);
  } catch (error) {
    tail.close();
    await store.close();
    throw error;
  }
}

async function listen(context: ServerContext, config: Config, command: string): Promise<RunningServer> {
  const { host } = config.server;
  const app = await createServer(context);
  try {
    await app.listen({ host, port: config.server.port });
  } catch (cause) {
    throw new AppError(
      "listen_failed",
      `cannot listen on ${host}:${config.server.port}: ${cause instanceof Error ? cause.message : String(cause)}; choose another --port`,
      { cause },
    );
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.server.port;
  const url = `http://${host}:${port}`;
  await context.store.announce({ command, url, token: context.token });
  const mover = setInterval(() => void moveClosedDays(context), MOVE_EVERY_MS);
  void moveClosedDays(context);
  context.receivers.start();
  return {
    context,
    url,
    close: async () => {
      clearInterval(mover);
      await context.receivers.stop();
      context.tail.close();
      await app.close();
      await context.store.close();
    },
  };
}

/** Closed days move to the lake in the background; a failure is said and tried again at the next turn. */
async function moveClosedDays(context: ServerContext): Promise<void> {
  try {
    await context.store.moveClosedDays(firstOpenDate(Date.now()));
  } catch (error) {
    process.stderr.write(
      `fourwire: moving closed days to the lake failed, nothing is lost: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
