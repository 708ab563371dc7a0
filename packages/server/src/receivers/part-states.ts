import type { AwsFailureKind } from "./aws/aws-failure.ts";
import type { ReceiverMeter } from "./receiver-meter.ts";

interface Trouble {
  readonly kind: AwsFailureKind;
  readonly detail: string;
}

/**
 * The state of a receiver of several parts (Regions, pollers, folders): one that works does not hide one that fails.
 * What is missing is waited for; it may yet be created.
 */
export class PartStates {
  readonly #meter: ReceiverMeter;
  readonly #troubles = new Map<string, Trouble>();
  readonly #lags = new Map<string, number | null>();

  constructor(meter: ReceiverMeter) {
    this.#meter = meter;
  }

  succeeded(part: string, lagMs: number | null): void {
    this.#troubles.delete(part);
    this.#lags.set(part, lagMs);
    this.#tell();
  }

  failed(part: string, kind: AwsFailureKind, detail: string): void {
    this.#troubles.set(part, { kind, detail });
    this.#tell();
  }

  #tell(): void {
    const lags = [...this.#lags.values()].filter((lag) => lag !== null);
    const lagMs = lags.length === 0 ? null : Math.max(...lags);
    // of the parts that work it is known all the same
    this.#meter.lag(lagMs);
    const worst = [...this.#troubles.values()].toSorted((left, right) => rankOf(left.kind) - rankOf(right.kind))[0];
    if (worst === undefined) {
      this.#meter.succeeded(lagMs);
    } else if (worst.kind === "denied") {
      this.#meter.denied(worst.detail);
    } else if (worst.kind === "missing") {
      this.#meter.waitingFor(worst.detail);
    } else {
      this.#meter.failed(worst.detail);
    }
  }
}

/** What needs a person first. */
function rankOf(kind: AwsFailureKind): number {
  return ["denied", "refused", "missing", "transient", "throttled"].indexOf(kind);
}
