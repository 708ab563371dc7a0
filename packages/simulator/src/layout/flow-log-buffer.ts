import type { Emission, Origin } from "../emission.ts";
import type { Random } from "../prng.ts";
import { toCloudWatchPayload } from "../wires/flow-log.ts";
import { dashedStamp, hourFolder, type DeliveredFile } from "./delivered-file.ts";

const OBJECT_MS = 300_000;
/** CloudWatch sends what it has after some seconds, or a full payload. */
const PAYLOAD_MS = 15_000;
const PAYLOAD_ENTRIES = 400;

/** Collects flow log entries into subscription payloads, and payloads into Firehose objects of gzip members. */
export class FlowLogBuffer {
  readonly #origin: Origin;
  readonly #random: Random;
  #pending: Emission[] = [];
  #payloads: string[] = [];
  #entries = 0;
  #first: Emission | undefined;
  #last: Emission | undefined;

  constructor(origin: Origin, random: Random) {
    this.#origin = origin;
    this.#random = random;
  }

  accept(emission: Emission): DeliveredFile | undefined {
    const { time } = emission;
    const oldest = this.#pending[0];
    if (oldest !== undefined && (time - oldest.time >= PAYLOAD_MS || this.#pending.length >= PAYLOAD_ENTRIES)) {
      this.#closePayload();
    }
    const file = this.#first !== undefined && time - this.#first.time >= OBJECT_MS ? this.flush() : undefined;
    this.#first ??= emission;
    this.#last = emission;
    this.#pending.push(emission);
    this.#entries += 1;
    return file;
  }

  #closePayload(): void {
    if (this.#pending.length === 0) return;
    this.#payloads.push(toCloudWatchPayload(this.#pending));
    this.#pending = [];
  }

  flush(): DeliveredFile | undefined {
    this.#closePayload();
    if (this.#first === undefined || this.#last === undefined) return undefined;
    const { time } = this.#first;
    const { alias } = this.#origin;
    const file: DeliveredFile = {
      path: `flow-logs/${alias}/${hourFolder(time)}/flow-logs-${alias}-1-${dashedStamp(time)}-${this.#random.uuid()}.gz`,
      source: "flow_log",
      origin: this.#origin,
      parts: this.#payloads,
      form: "gzip_members",
      isAppended: false,
      records: this.#entries,
      deliveredTime: this.#last.time,
      oldestTime: time,
      newestTime: this.#last.time,
    };
    this.#payloads = [];
    this.#entries = 0;
    this.#first = undefined;
    this.#last = undefined;
    return file;
  }
}
