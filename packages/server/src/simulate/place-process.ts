import type { PlaceResult, PlaceTask } from "./simulate-place.ts";
import { simulatePlace } from "./simulate-place.ts";
import type { SimulateProgress } from "./simulate-settings.ts";

// Places are independent of each other, so each core takes one after another. Processes and not threads, as for the
// import: what is made and thrown away is mostly text, and threads of one process wait for each other in page faults.

export type PlaceMessage =
  | { readonly kind: "progress"; readonly progress: SimulateProgress }
  | { readonly kind: "done"; readonly result: PlaceResult }
  | { readonly kind: "failed"; readonly code: string | undefined; readonly message: string };

process.on("message", (task: PlaceTask) => void answer(task));

// without its parent the process writes for nobody
process.on("disconnect", () => process.exit(0));

async function answer(task: PlaceTask): Promise<void> {
  try {
    const result = await simulatePlace(task, (progress) => post({ kind: "progress", progress }));
    post({ kind: "done", result });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    post({ kind: "failed", code, message: error instanceof Error ? error.message : String(error) });
  }
}

function post(message: PlaceMessage): void {
  process.send?.(message);
}
