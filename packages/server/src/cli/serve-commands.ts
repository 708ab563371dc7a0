import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "@fourwire/core";
import type { Command } from "commander";
import { startDemo } from "../demo.ts";
import { isLoopback } from "../http/access.ts";
import type { ServerContext } from "../http/context.ts";
import { createServer } from "../http/server.ts";
import { LiveTail } from "../live-tail.ts";
import { dataPath } from "./data-access.ts";
import { firstOpenDate } from "../open-days.ts";
import { openStore } from "./open-store.ts";
import { VERSION } from "./version.ts";
import { wholeNumber } from "./whole-number.ts";

interface ServeFlags {
  readonly port: string;
  readonly host?: string;
  readonly data?: string;
  readonly agents?: string;
  readonly seed?: string;
}

const DEFAULT_PORT = "4004";
const MOVE_EVERY_MS = 15 * 60_000;
const SERVER_MEMORY_LIMIT = "1GB";

export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("serve the page and the API over a data directory")
    .option("--port <port>", "port to listen on", DEFAULT_PORT)
    .option(
      "--host <host>",
      "address to listen on; only the loopback is allowed until access is configured",
      "127.0.0.1",
    )
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .addHelpText("after", "\nExamples:\n  fourwire serve\n  fourwire serve --port 8080 --data /var/lib/fourwire")
    .action(async (flags: ServeFlags) => {
      const host = flags.host ?? "127.0.0.1";
      if (!isLoopback(host)) {
        throw new AppError(
          "host_not_allowed",
          `refusing to listen on ${host}: access control is not configured yet; use 127.0.0.1 and a reverse proxy or an SSH tunnel`,
        );
      }
      const running = await startServer({
        path: dataPath(flags.data),
        host,
        port: portOf(flags.port),
        command: "serve",
      });
      process.stdout.write(`fourwire is serving ${running.context.store.directory.root} at ${running.url}\n`);
      await untilStopped(running);
    });
}

export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("a simulated contact centre, live, in the real server")
    .option("--port <port>", "port to listen on", DEFAULT_PORT)
    .option("--agents <count>", "agents on shift", "25")
    .option("--seed <number>", "the same seed gives the same day", "7")
    .option("--data <dir>", "keep the data here (default: a temporary directory, removed at the end)")
    .addHelpText("after", "\nExamples:\n  fourwire demo\n  fourwire demo --agents 60 --seed 11 --port 8080")
    .action(async (flags: ServeFlags) => {
      const port = portOf(flags.port);
      const agents = wholeNumber(flags.agents ?? "25", "--agents", { min: 1, max: 2000 });
      const seed = wholeNumber(flags.seed ?? "7", "--seed", { min: 0, max: 2 ** 31 });
      const temporary = flags.data === undefined ? await mkdtemp(join(tmpdir(), "fourwire-demo-")) : undefined;
      const running = await startServer({
        path: temporary ?? flags.data ?? "",
        host: "127.0.0.1",
        port,
        command: "demo",
      });
      const stopDemo = await startDemo({ context: running.context, agents, seed });
      process.stdout.write(`a contact centre of ${agents} agents is open: ${running.url}\nstop it with Ctrl-C\n`);
      await untilStopped(running, async () => {
        await stopDemo();
      });
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    });
}

interface ServerOptions {
  readonly path: string;
  readonly host: string;
  readonly port: number;
  readonly command: "serve" | "demo";
}

interface RunningServer {
  readonly context: ServerContext;
  readonly url: string;
  close(): Promise<void>;
}

async function startServer(options: ServerOptions): Promise<RunningServer> {
  const store = await openStore({ path: options.path, command: options.command, memoryLimit: SERVER_MEMORY_LIMIT });
  for (const path of store.openReport.missingLakeFiles)
    process.stderr.write(`fourwire: lake file is missing: ${path}; its records cannot be read\n`);
  const token = randomBytes(24).toString("base64url");
  const tail = new LiveTail();
  const context: ServerContext = {
    store,
    tail,
    token,
    isDemo: options.command === "demo",
    startedTime: Date.now(),
    version: VERSION,
  };
  const app = await createServer(context);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (cause) {
    await store.close();
    throw new AppError(
      "listen_failed",
      `cannot listen on ${options.host}:${options.port}: ${(cause as Error).message}; choose another --port`,
      { cause },
    );
  }
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  const url = `http://${options.host}:${port}`;
  await store.announce({ command: options.command, url, token });
  const mover = setInterval(() => void moveClosedDays(context), MOVE_EVERY_MS);
  void moveClosedDays(context);
  return {
    context,
    url,
    close: async () => {
      clearInterval(mover);
      tail.close();
      await app.close();
      await store.close();
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

async function untilStopped(running: RunningServer, before?: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await before?.();
  await running.close();
}

function portOf(text: string): number {
  return wholeNumber(text, "--port", { min: 0, max: 65_535 });
}
