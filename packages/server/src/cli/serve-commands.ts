import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { startDemo } from "../demo.ts";
import { defaultConfig, type Config } from "../config/config.ts";
import { CONFIG_FILE_NAME, findConfigFile, loadConfig } from "../config/load-config.ts";
import { startServer, type RunningServer } from "../start-server.ts";
import { dataPath } from "./data-access.ts";
import { wholeNumber } from "./whole-number.ts";

interface ServeFlags {
  readonly port?: string;
  readonly config?: string;
  readonly host?: string;
  readonly data?: string;
  readonly agents?: string;
  readonly seed?: string;
}

const DEFAULT_PORT = "4004";

const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("serve the page and the API over a data directory")
    .option("--port <port>", "port to listen on (default: server.port, else 4004)")
    .option("--host <host>", "address to listen on (default: server.host, else 127.0.0.1)")
    .option("--config <file>", `configuration (default: ${CONFIG_FILE_NAME} in the data or the working directory)`)
    .option(
      "--data <dir>",
      "data directory (default: $FOURWIRE_DATA, else data of the configuration, else ./fourwire-data)",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire serve\n  fourwire serve --port 8080 --data /var/lib/fourwire\n  fourwire serve --config /etc/fourwire.yaml",
    )
    .action(async (flags: ServeFlags) => {
      const found = dataPath(flags.data);
      const loaded = loadConfig(findConfigFile(flags.config, found), process.env);
      const config = withFlags(loaded.config, flags);
      const running = await startServer({ path: servedPath(flags, config, found), command: "serve", config });
      process.stdout.write(`fourwire is serving ${running.context.store.directory.root} at ${running.url}\n`);
      await untilStopped(running);
    });
}

/** A file given by `--config` may name another folder than the one that is looked in without it. */
function servedPath(flags: ServeFlags, config: Config, found: string): string {
  return flags.data ?? process.env["FOURWIRE_DATA"] ?? config.data ?? found;
}

/** Flags come before the configuration. */
function withFlags(config: Config, flags: ServeFlags): Config {
  const port = flags.port === undefined ? config.server.port : portOf(flags.port);
  return { ...config, server: { ...config.server, port, host: flags.host ?? config.server.host } };
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
      const port = portOf(flags.port ?? DEFAULT_PORT);
      const agents = wholeNumber(flags.agents ?? "25", "--agents", { min: 1, max: 2000 });
      const seed = wholeNumber(flags.seed ?? "7", "--seed", { min: 0, max: 2 ** 31 });
      const temporary = flags.data === undefined ? await mkdtemp(join(tmpdir(), "fourwire-demo-")) : undefined;
      const running = await startServer({
        path: temporary ?? flags.data ?? "",
        command: "demo",
        config: withFlags(defaultConfig(), { port: String(port) }),
      });
      const stopDemo = await startDemo({ context: running.context, agents, seed });
      process.stdout.write(`a contact centre of ${agents} agents is open: ${running.url}\nstop it with Ctrl-C\n`);
      await untilStopped(running, async () => {
        await stopDemo();
      });
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    });
}

async function untilStopped(running: RunningServer, before?: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of STOP_SIGNALS) process.once(signal, () => resolve());
  });
  // whoever asks twice does not want to wait; what was acknowledged is on disk
  for (const signal of STOP_SIGNALS) process.once(signal, () => process.exit(1));
  await before?.();
  await running.close();
}

function portOf(text: string): number {
  return wholeNumber(text, "--port", { min: 0, max: 65_535 });
}
