import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { dataDirectory, readOwner } from "@fourwire/store";

const START_MS = 60_000;

/** A server that is measured: the command itself, in a process of its own. */
export interface Served {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts `fourwire serve` and resolves when it can be reached. */
export async function startServed(command: string, data: string, more: readonly string[] = []): Promise<Served> {
  const server = spawn(process.execPath, [command, "serve", "--data", data, "--port", "0", ...more], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null) return;
    server.kill("SIGTERM");
    await once(server, "exit");
  };
  try {
    return { pid: server.pid ?? 0, ...(await waitForOwner(data, server)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function waitForOwner(data: string, server: ChildProcess): Promise<Pick<Served, "port" | "token" | "url">> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && server.exitCode === null) {
    const owner = await readOwner(dataDirectory(data));
    if (typeof owner?.url === "string" && typeof owner.token === "string")
      return { url: owner.url, port: Number(new URL(owner.url).port), token: owner.token };
    await sleep(100);
  }
  throw new Error("the server did not start");
}
