import { PutRecordsCommand, type KinesisClient } from "@aws-sdk/client-kinesis";
import { AppError } from "@fourwire/core";
import type { Emission } from "@fourwire/simulator";
import { sendToAws, type Sleep } from "./aws-calls.ts";

/** Limits of PutRecords: 500 records, 10 MiB; a shard takes 1 MiB a second. */
const BATCH_RECORDS = 400;
const BATCH_BYTES = 3 * 1024 * 1024;
/** Records that a shard refused are put again, at most so often. */
const ROUNDS = 10;
const FIRST_WAIT_MS = 200;

interface Entry {
  readonly PartitionKey: string;
  readonly Data: Buffer;
}

/** Puts records into one stream; agent events by their agent's ARN, so that one agent's stay in order on one shard. */
export class KinesisOutput {
  readonly #client: KinesisClient;
  readonly #stream: string;
  readonly #sleep: Sleep;
  #entries: Entry[] = [];
  #bytes = 0;

  constructor(client: KinesisClient, stream: string, sleep: Sleep) {
    this.#client = client;
    this.#stream = stream;
    this.#sleep = sleep;
  }

  accept({ key, body }: Emission): Promise<void> | undefined {
    const Data = Buffer.from(body);
    this.#entries.push({ PartitionKey: key, Data });
    this.#bytes += Data.length;
    return this.#entries.length >= BATCH_RECORDS || this.#bytes >= BATCH_BYTES ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    let rest: readonly Entry[] = this.#entries;
    this.#entries = [];
    this.#bytes = 0;
    for (let round = 0; rest.length > 0; round += 1) {
      if (round === ROUNDS) throw this.#refused(rest.length);
      if (round > 0) await this.#sleep(FIRST_WAIT_MS * 2 ** round);
      rest = await this.#put(rest);
    }
  }

  /** What was refused: the whole call may succeed while single records do not. */
  async #put(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const target = { action: "kinesis:PutRecords", subject: `stream "${this.#stream}"`, flag: "stream" };
    const answer = await sendToAws(target, this.#sleep, () =>
      this.#client.send(new PutRecordsCommand({ StreamName: this.#stream, Records: [...entries] })),
    );
    if ((answer.FailedRecordCount ?? 0) === 0) return [];
    return entries.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
  }

  #refused(count: number): AppError {
    return new AppError(
      "output_failed",
      `stream "${this.#stream}" refused ${count} records ${ROUNDS} times; give it more shards or use --speed`,
    );
  }
}
