import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../source-files.ts";

const COMMAND = join(ROOT, "packages/server/bin/fourwire.cjs");
const PAGE = join(ROOT, "packages/web/dist/app/index.html");
const START_LIMIT_MS = 60_000;
const IMPORT_LIMIT_MS = 120_000;

export interface RunningCommand {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends it the way Ctrl-C does. */
  stop(): Promise<void>;
}

/** Runs `fourwire` to its end and returns what it printed; throws with its words when it fails. */
export async function runFourwire(args: readonly string[]): Promise<string> {
  const child = start(args);
  const printed = collect(child);
  const code = await limited(exitOf(child), IMPORT_LIMIT_MS, () => child.kill("SIGKILL"));
  if (code !== 0) throw new Error(`fourwire ${args.join(" ")} ended with ${code}: ${printed.error()}`);
  return printed.output();
}

/** Starts `fourwire serve` or `demo` on a free port; resolves once it says where it listens. */
export async function startFourwire(args: readonly string[]): Promise<RunningCommand> {
  const child = start([...args, "--port", "0"]);
  const printed = collect(child);
  const exit = exitOf(child);
  const url = new Promise<string>((resolve, reject) => {
    child.stdout?.on("data", () => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed.output())?.[0];
      if (found !== undefined) resolve(found);
    });
    void exit.then((code) => reject(new Error(`fourwire ${args.join(" ")} ended with ${code}: ${printed.error()}`)));
  });
  return {
    url: await limited(url, START_LIMIT_MS, () => child.kill("SIGKILL")),
    stop: async () => {
      child.kill("SIGTERM");
      await limited(exit, START_LIMIT_MS, () => child.kill("SIGKILL"));
    },
  };
}

function start(args: readonly string[]): ChildProcess {
  if (!existsSync(PAGE)) throw new Error("the page is not built; run: npm run build");
  return spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

function collect(child: ChildProcess): { readonly output: () => string; readonly error: () => string } {
  let output = "";
  let error = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    error += chunk.toString();
  });
  return { output: () => output, error: () => error };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
  });
}

async function limited<T>(work: Promise<T>, limitMs: number, onLate: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error(`fourwire took longer than ${limitMs / 1000} s`));
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
