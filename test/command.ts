import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The command as `npm ci` links it; it runs what `npm run build` made. */
const FOURWIRE = fileURLToPath(new URL("../packages/server/bin/fourwire.cjs", import.meta.url));

/** A command that does not end in this time hangs. */
const HANG_MS = 300_000;

export interface CommandOutcome {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that was started; `ended` resolves when it has ended, however. */
export interface StartedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandOutcome>;
}

/** `cwd`: the folder it is run in; the repository where none is given. */
export function startFourwire(args: readonly string[], cwd?: string): StartedCommand {
  const child = spawn(process.execPath, [FOURWIRE, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: HANG_MS,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([exitCode, signal]: unknown[]) => ({
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
    signal: (signal as NodeJS.Signals | null) ?? undefined,
    stdout,
    stderr,
  }));
  return { child, ended };
}

/** Runs `fourwire` to its end. */
export function fourwire(...args: readonly string[]): Promise<CommandOutcome> {
  return startFourwire(args).ended;
}

export interface RunningServer {
  readonly url: string;
  readonly token: string;
  readonly child: ChildProcess;
  /** Ends it as an operator does; resolves with what it said. */
  stop(): Promise<CommandOutcome>;
  /** Ends it as a power failure does. */
  kill(): Promise<CommandOutcome>;
}

/** Starts `fourwire serve` on a free port; resolves when it says that it serves. */
export async function startServer(data: string, args: readonly string[] = []): Promise<RunningServer> {
  const { child, ended } = startFourwire(["serve", "--port", "0", "--data", data, ...args]);
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (text: string) => {
      said += text;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\n/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void ended.then((outcome) => reject(new Error(`serve ended before it served: ${JSON.stringify(outcome)}`)));
  });
  const owner: unknown = JSON.parse(await readFile(join(data, "owner.json"), "utf8"));
  const end = (signal: NodeJS.Signals): Promise<CommandOutcome> => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    token: (owner as { readonly token: string }).token,
    child,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** A folder for one test; `remove` takes it away. */
export async function temporaryFolder(name: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `fourwire-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
