import type { PartStates } from "./part-states.ts";
import type { ReceiverMeter } from "./receiver-meter.ts";
import type { ReceivedMessage, ReceiverContext } from "./receiver.ts";

export interface ToldDeliveryParts {
  readonly context: ReceiverContext;
  readonly meter: ReceiverMeter;
  readonly states: PartStates;
}

/** Delivers messages and tells the meter: what became of them, and when the store does not take them (a full disk). */
export class ToldDelivery {
  readonly #parts: ToldDeliveryParts;

  constructor(parts: ToldDeliveryParts) {
    this.#parts = parts;
  }

  /** Resolves when the records of the messages are durable. */
  async store(messages: readonly ReceivedMessage[], signal: AbortSignal): Promise<void> {
    const { context, meter, states } = this.#parts;
    let isRefused = false;
    const result = await context.deliver(messages, signal, (reason) => {
      isRefused = true;
      states.failed("store", "transient", `the store does not take records now, nothing is lost: ${reason}`);
    });
    if (isRefused) states.succeeded("store", null);
    meter.stored(result);
  }
}
