import { PartStates } from "../part-states.ts";
import { ReceiverMeter } from "../receiver-meter.ts";
import type { Receiver, ReceiverContext, ReceiverStatus } from "../receiver.ts";
import type { EventHistoryConfig } from "./config.ts";
import { RegionHistory } from "./region-history.ts";

/** The past is read for minutes or hours; until then the receiver is behind. */
const BEHIND_MS = 30 * 60_000;

/** CloudTrail's Event history of several Regions, the last 90 days and then what comes. */
export class EventHistoryReceiver implements Receiver {
  readonly #meter: ReceiverMeter;
  readonly #regions: readonly RegionHistory[];

  constructor(config: EventHistoryConfig, context: ReceiverContext) {
    const meter = new ReceiverMeter({
      name: config.name,
      type: "event_history",
      behindMs: BEHIND_MS,
      now: context.now,
    });
    const states = new PartStates(meter);
    this.#meter = meter;
    this.#regions = [...new Set(config.regions)].map(
      (region) => new RegionHistory({ config, region, context, meter, states }),
    );
  }

  start(): void {
    for (const region of this.#regions) region.start();
  }

  status(): ReceiverStatus {
    return this.#meter.status();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#regions.map((region) => region.stop()));
    this.#meter.stopped();
  }
}
