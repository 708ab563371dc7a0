import type { Caller } from "../access/access.ts";
import { ReceiverMeter } from "../receivers/receiver-meter.ts";
import type { ReceiverStatus, ReceiverType } from "../receivers/receiver.ts";
import type { ServerContext } from "./context.ts";

/** Pairs of route and token that are told apart; what comes beyond is counted together. */
const MAX_METERS = 100;

/** How each sender that posts records is doing: one meter a route and token. */
export class HttpReceivers {
  readonly #now: () => number;
  readonly #meters = new Map<string, ReceiverMeter>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `route` is what stands after /v1/, such as `records/ccp_log`. */
  meterOf(type: Extract<ReceiverType, "firehose" | "http">, route: string, caller: Caller): ReceiverMeter {
    const name = `${route} (${caller.name})`;
    const known = this.#meters.get(name);
    if (known !== undefined) return known;
    if (this.#meters.size < MAX_METERS) return this.#add(name, type);
    return this.#meters.get(OTHERS) ?? this.#add(OTHERS, "http");
  }

  statuses(): readonly ReceiverStatus[] {
    return [...this.#meters.values()].map((meter) => meter.status());
  }

  #add(name: string, type: ReceiverType): ReceiverMeter {
    const meter = new ReceiverMeter({ name, type, behindMs: Number.POSITIVE_INFINITY, now: this.#now });
    meter.succeeded(null);
    this.#meters.set(name, meter);
    return meter;
  }
}

const OTHERS = "other senders";

/** Everything that brings records: what fetches them, then what they are posted by. */
export function allStatuses(context: ServerContext): readonly ReceiverStatus[] {
  return [...context.receivers.statuses(), ...context.httpReceivers.statuses()];
}
