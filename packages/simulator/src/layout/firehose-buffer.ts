import { unixMillis, type SourceName, type UnixMillis } from "@fourwire/core";
import type { Emission, Origin } from "../emission.ts";
import type { Random } from "../prng.ts";
import { dashedStamp, hourFolder, type DeliveredFile } from "./delivered-file.ts";

/** Firehose's own defaults: an object every 5 minutes, or at 5 MiB. */
const BUFFER_MS = 300_000;
const BUFFER_CHARS = 5 * 1024 * 1024;

export interface FirehoseStream {
  readonly source: SourceName;
  readonly origin: Origin;
  /** The folder before the hour. */
  readonly folder: string;
  readonly name: string;
  /** Between records: nothing, unless a delimiter is configured. */
  readonly delimiter: "" | "\n";
}

/** Collects one stream's records into objects, as Amazon Data Firehose writes them to S3. */
export class FirehoseBuffer {
  readonly #stream: FirehoseStream;
  readonly #random: Random;
  #parts: string[] = [];
  #chars = 0;
  #sinceTime: UnixMillis = unixMillis(0);
  #untilTime: UnixMillis = unixMillis(0);

  constructor(stream: FirehoseStream, random: Random) {
    this.#stream = stream;
    this.#random = random;
  }

  accept({ time, body }: Emission): DeliveredFile | undefined {
    const isDue = this.#parts.length > 0 && (time - this.#sinceTime >= BUFFER_MS || this.#chars >= BUFFER_CHARS);
    const file = isDue ? this.flush() : undefined;
    if (this.#parts.length === 0) this.#sinceTime = time;
    this.#untilTime = time;
    this.#parts.push(body + this.#stream.delimiter);
    this.#chars += body.length;
    return file;
  }

  flush(): DeliveredFile | undefined {
    if (this.#parts.length === 0) return undefined;
    const { source, origin, folder, name } = this.#stream;
    const time = this.#sinceTime;
    const file: DeliveredFile = {
      path: `${folder}/${hourFolder(time)}/${name}-1-${dashedStamp(time)}-${this.#random.uuid()}`,
      source,
      origin,
      parts: this.#parts,
      form: "plain",
      isAppended: false,
      records: this.#parts.length,
      deliveredTime: this.#untilTime,
      oldestTime: time,
      newestTime: this.#untilTime,
    };
    this.#parts = [];
    this.#chars = 0;
    return file;
  }
}
