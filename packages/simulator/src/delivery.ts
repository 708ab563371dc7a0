import { formatInstant, unixMillis, type SourceName, type UnixMillis } from "@fourwire/core";
import type { Emission, Origin } from "./emission.ts";
import type { EventQueue } from "./event-queue.ts";
import type { DeliveryTruth, Truth } from "./truth.ts";

/** What becomes of a record on its way. */
export type Fate =
  | { readonly what: "lost" }
  | { readonly what: "late"; readonly afterMs: number }
  /** Delivered at once, and again after each of these. */
  | { readonly what: "duplicated"; readonly againAfterMs: readonly number[] };

export type DeliveryFault = (source: SourceName, body: string) => Fate | undefined;

export interface DeliveryOptions {
  readonly clock: EventQueue;
  readonly origin: Origin;
  readonly write: (emission: Emission) => void;
  readonly tell: (truth: Truth) => void;
}

/** The wires between Amazon's services and whoever listens: usually perfect, sometimes lossy, late or repeating. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly faults = new Set<DeliveryFault>();
  /** The instance is gone: only CloudTrail, which is the account's, still speaks. */
  isMuted = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  send(source: SourceName, body: string, about: { readonly key: string; readonly origin?: Origin }): void {
    if (this.isMuted && source !== "cloudtrail") return;
    const { clock, origin, write } = this.#options;
    const emission = { time: clock.now, source, body, origin: about.origin ?? origin, key: about.key };
    const fate = this.faults.size === 0 ? undefined : this.#fateOf(source, body);
    if (fate === undefined) return write(emission);
    switch (fate.what) {
      case "lost":
        return this.#tell(emission, "lost", null);
      case "late":
        return this.#sendLater(emission, "late", fate.afterMs);
      case "duplicated":
        write(emission);
        for (const afterMs of fate.againAfterMs) this.#sendLater(emission, "duplicated", afterMs);
    }
  }

  #fateOf(source: SourceName, body: string): Fate | undefined {
    for (const fault of this.faults) {
      const fate = fault(source, body);
      if (fate !== undefined) return fate;
    }
    return undefined;
  }

  #sendLater(emission: Emission, what: "late" | "duplicated", afterMs: number): void {
    const { clock, write } = this.#options;
    const deliveredTime = unixMillis(clock.now + afterMs);
    this.#tell(emission, what, deliveredTime);
    clock.after(afterMs, () => write({ ...emission, time: deliveredTime }));
  }

  #tell({ source, body, time, origin }: Emission, what: DeliveryTruth["what"], delivered: UnixMillis | null): void {
    this.#options.tell({
      kind: "delivery",
      instance_id: origin.instanceId,
      source,
      what,
      original_id: originalId(source, body),
      event_time: formatInstant(time),
      delivered_time: delivered === null ? null : formatInstant(delivered),
    });
  }
}

const ID_KEYS: Readonly<Record<SourceName, RegExp | undefined>> = {
  agent_event: /"EventId":"([^"]+)"/,
  cloudtrail: /"eventID":"([^"]+)"/,
  contact_event: /"id":"([^"]+)"/,
  contact_record: /"ContactId":"([^"]+)"/,
  flow_log: undefined,
  ccp_log: undefined,
};

/** Amazon's own id of a record; null where it has none. */
function originalId(source: SourceName, body: string): string | null {
  return ID_KEYS[source]?.exec(body)?.[1] ?? null;
}
