import type { EventQueue } from "../event-queue.ts";
import type { FlowEffect, FlowOutcome } from "./flow-effect.ts";

/** A flow that runs on simulated time. */
export interface FlowPlay {
  readonly isOver: boolean;
  /** What happens to a flow when its customer leaves or an agent answers: it goes no further, and `end` is not called. */
  stop(): void;
}

export interface FlowWatcher {
  /** Called for every effect at its instant, also for waiting and holding. */
  effect(effect: FlowEffect): void;
  /** Called once, at the instant the flow ends by itself. */
  end(outcome: FlowOutcome): void;
}

/** Plays the effects of `runFlow` on an event queue. The first ones happen at once. */
export function playFlow(
  steps: Generator<FlowEffect, FlowOutcome, void>,
  clock: EventQueue,
  watcher: FlowWatcher,
): FlowPlay {
  let isOver = false;
  const advance = (): void => {
    while (!isOver) {
      const step = steps.next();
      if (step.done === true) {
        isOver = true;
        watcher.end(step.value);
        return;
      }
      watcher.effect(step.value);
      if (step.value.kind === "wait") {
        clock.after(step.value.durationMs, advance);
        return;
      }
      // a flow that holds waits for `stop`
      if (step.value.kind === "hold") return;
    }
  };
  advance();
  return {
    get isOver() {
      return isOver;
    },
    stop: () => {
      isOver = true;
    },
  };
}
