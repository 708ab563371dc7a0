import { AppError, SOURCE_NAMES, type SourceName } from "@fourwire/core";
import { toCloudWatchPayload, type Emission, type Truth } from "@fourwire/simulator";
import type { Output } from "./output.ts";

export interface HttpOutputOptions {
  /** Of the server, without a path. */
  readonly url: string;
  readonly token: string | undefined;
  readonly tell: (truth: Truth) => void;
  /** Sends what it has at least this often, in milliseconds of simulated time; a paced simulation wants a second. */
  readonly flushEveryMs: number;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** A request holds at most so many records and characters. */
const BATCH_RECORDS = 2_000;
const BATCH_CHARS = 4 * 1024 * 1024;
/** A server that is busy is asked again this often, each time after it said, at most so long. */
const ATTEMPTS = 8;
const LONGEST_WAIT_MS = 30_000;
const FIRST_WAIT_MS = 500;
const TIMEOUT_MS = 60_000;

interface Batch {
  emissions: Emission[];
  chars: number;
}

/** Sends the records to a Fourwire, each source the way Amazon delivers it. */
export class HttpOutput implements Output {
  readonly #options: HttpOutputOptions;
  readonly #batches = new Map<SourceName, Batch>(SOURCE_NAMES.map((name) => [name, { emissions: [], chars: 0 }]));
  #flushedTime = 0;
  readonly files = 0;
  bytes = 0;

  constructor(options: HttpOutputOptions) {
    this.#options = options;
  }

  accept(emission: Emission): Promise<void> | undefined {
    const batch = this.#batches.get(emission.source);
    if (batch === undefined) return undefined;
    batch.emissions.push(emission);
    batch.chars += emission.body.length;
    if (this.#flushedTime === 0) this.#flushedTime = emission.time;
    if (emission.time - this.#flushedTime >= this.#options.flushEveryMs) {
      this.#flushedTime = emission.time;
      return this.#flush();
    }
    const isFull = batch.emissions.length >= BATCH_RECORDS || batch.chars >= BATCH_CHARS;
    return isFull ? this.#send(emission.source, batch) : undefined;
  }

  tell(truth: Truth): void {
    this.#options.tell(truth);
  }

  async finish(): Promise<void> {
    await this.#flush();
  }

  async #flush(): Promise<void> {
    for (const [source, batch] of this.#batches) await this.#send(source, batch);
  }

  async #send(source: SourceName, batch: Batch): Promise<void> {
    const { emissions } = batch;
    if (emissions.length === 0) return;
    batch.emissions = [];
    batch.chars = 0;
    const body = documentOf(source, emissions);
    this.bytes += body.length;
    const { url, sleep = wait } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const waitMs = await this.#post(`${url}/v1/records/${source}`, body, attempt);
      if (waitMs === undefined) return;
      await sleep(waitMs);
    }
  }

  /** Undefined when the server has it; else how long to wait before asking again. */
  async #post(url: string, body: string, attempt: number): Promise<number | undefined> {
    const { token } = this.#options;
    let response: Response;
    try {
      response = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/x-ndjson",
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("output_failed", `cannot send records to ${url}: ${detail}; is the server running there?`, {
        cause,
      });
    }
    const text = await response.text();
    if (response.ok) return undefined;
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || attempt === ATTEMPTS) {
      throw new AppError("output_failed", `${url} answered ${response.status}: ${text.slice(0, 300)}`);
    }
    const askedMs = Number(response.headers.get("retry-after")) * 1000;
    const waitMs = Number.isFinite(askedMs) && askedMs > 0 ? askedMs : FIRST_WAIT_MS * 2 ** attempt;
    return Math.min(LONGEST_WAIT_MS, waitMs);
  }
}

/** Flow logs come as CloudWatch subscription payloads, CloudTrail as a delivery file, the others as lines. */
function documentOf(source: SourceName, emissions: readonly Emission[]): string {
  if (source === "cloudtrail") return `{"Records":[${emissions.map(({ body }) => body).join(",")}]}`;
  if (source !== "flow_log") return emissions.map(({ body }) => body).join("\n");
  return byGroup(emissions)
    .map((group) => toCloudWatchPayload(group))
    .join("\n");
}

/** A payload is of one log group. */
function byGroup(emissions: readonly Emission[]): Emission[][] {
  const groups = new Map<string, Emission[]>();
  for (const emission of emissions) {
    const key = `${emission.origin.alias} ${emission.origin.region}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [emission]);
    else group.push(emission);
  }
  return [...groups.values()];
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
