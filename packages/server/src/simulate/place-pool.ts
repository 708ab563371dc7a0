import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "@fourwire/core";
import type { PlaceMessage } from "./place-process.ts";
import { simulatePlace, type PlaceResult, type PlaceTask } from "./simulate-place.ts";
import type { SimulateProgress } from "./simulate-settings.ts";

const PROCESS_PATH = fileURLToPath(new URL("./place-process.js", import.meta.url));
/** Records live for a batch; a young generation that holds one spares the collector from copying them. */
const PROCESS_FLAGS = ["--max-semi-space-size=32"];

/**
 * Simulates places, at most so many at a time; with one, in this process. Results come in the order of the tasks. The
 * first failure ends the others.
 */
export async function simulatePlaces(
  tasks: readonly PlaceTask[],
  processes: number,
  onProgress: (progress: SimulateProgress) => void,
): Promise<PlaceResult[]> {
  const progress = tasks.map((): SimulateProgress => ({ records: 0, simulatedMs: 0 }));
  const report = (index: number, own: SimulateProgress) => {
    progress[index] = own;
    const records = progress.reduce((sum, place) => sum + place.records, 0);
    const simulatedMs = progress.reduce((sum, place) => sum + place.simulatedMs, 0) / tasks.length;
    onProgress({ records, simulatedMs });
  };
  const results: PlaceResult[] = [];
  if (processes <= 1) {
    for (const [index, task] of tasks.entries()) results.push(await simulatePlace(task, (own) => report(index, own)));
    return results;
  }
  const waiting = [...tasks.entries()];
  const running = new Set<ChildProcess>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, task] = next;
      results[index] = await inProcess(task, running, (own) => report(index, own));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(processes, tasks.length) }, work));
  } finally {
    for (const child of running) child.kill();
  }
  return results;
}

async function inProcess(
  task: PlaceTask,
  running: Set<ChildProcess>,
  onProgress: (progress: SimulateProgress) => void,
): Promise<PlaceResult> {
  const child = fork(PROCESS_PATH, {
    serialization: "advanced",
    execArgv: PROCESS_FLAGS,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(child);
  try {
    return await new Promise<PlaceResult>((resolve, reject) => {
      child.on("message", (message: PlaceMessage) => {
        if (message.kind === "progress") onProgress(message.progress);
        else if (message.kind === "done") resolve(message.result);
        else reject(new AppError("output_failed", message.message));
      });
      child.on("error", reject);
      child.on("exit", (code) =>
        reject(new AppError("output_failed", `a process of the simulation ended with code ${code}`)),
      );
      child.send(task);
    });
  } finally {
    running.delete(child);
    child.kill();
  }
}
