import { PutEventsCommand, type EventBridgeClient, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { AppError } from "@fourwire/core";
import type { Emission } from "@fourwire/simulator";
import { z } from "zod";
import { sendToAws, type Sleep } from "./aws-calls.ts";

/** Limits of PutEvents: 10 entries, 256 KB together. */
const BATCH_ENTRIES = 10;
const BATCH_BYTES = 200_000;
const ROUNDS = 8;
const FIRST_WAIT_MS = 200;

const ENVELOPE = z.object({
  "detail-type": z.string(),
  time: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

/** Puts contact events on a bus. The service makes the envelope: id, account and Region become those of the bus. */
export class EventOutput {
  readonly #client: EventBridgeClient;
  readonly #bus: string;
  readonly #source: string;
  readonly #sleep: Sleep;
  #entries: PutEventsRequestEntry[] = [];
  #bytes = 0;

  constructor(client: EventBridgeClient, place: { readonly bus: string; readonly source: string }, sleep: Sleep) {
    this.#client = client;
    this.#bus = place.bus;
    this.#source = place.source;
    this.#sleep = sleep;
  }

  async accept({ body }: Emission): Promise<void> {
    const envelope = ENVELOPE.parse(JSON.parse(body));
    this.#entries.push({
      EventBusName: this.#bus,
      Source: this.#source,
      DetailType: envelope["detail-type"],
      Time: new Date(envelope.time),
      Resources: envelope.resources,
      Detail: JSON.stringify(envelope.detail),
    });
    this.#bytes += body.length;
    if (this.#entries.length >= BATCH_ENTRIES || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    let rest = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    for (let round = 0; rest.length > 0; round += 1) {
      if (round === ROUNDS) {
        throw new AppError("output_failed", `bus "${this.#bus}" refused ${rest.length} events ${ROUNDS} times`);
      }
      if (round > 0) await this.#sleep(FIRST_WAIT_MS * 2 ** round);
      rest = await this.#put(rest);
    }
  }

  async #put(entries: PutEventsRequestEntry[]): Promise<PutEventsRequestEntry[]> {
    const target = { action: "events:PutEvents", subject: `bus "${this.#bus}"`, flag: "bus" };
    const answer = await sendToAws(target, this.#sleep, () =>
      this.#client.send(new PutEventsCommand({ Entries: entries })),
    );
    if ((answer.FailedEntryCount ?? 0) === 0) return [];
    const denied = answer.Entries?.find(({ ErrorCode }) => ErrorCode === "NotAuthorizedForSourceException");
    if (denied !== undefined) {
      throw new AppError(
        "output_failed",
        `bus "${this.#bus}" does not take events of source "${this.#source}": ${denied.ErrorMessage ?? ""}; give another --event-source`,
      );
    }
    return entries.filter((_, index) => answer.Entries?.[index]?.ErrorCode !== undefined);
  }
}
