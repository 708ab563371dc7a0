import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { AppError } from "@fourwire/core";
import type { Emission } from "@fourwire/simulator";
import { sendToAws, type AwsTarget, type Sleep } from "./aws-calls.ts";

/** Limits of PutLogEvents: 10,000 events, 1 MiB with 26 bytes an event, 24 hours. */
const BATCH_EVENTS = 2_000;
const BATCH_BYTES = 900_000;
const EVENT_BYTES = 26;
const BATCH_MS = 12 * 3_600_000;
const EXISTS = "ResourceAlreadyExistsException";

/** Puts flow logs into a log group, one stream an hour, as Connect does. */
export class LogOutput {
  readonly #client: CloudWatchLogsClient;
  readonly #group: string;
  readonly #sleep: Sleep;
  readonly #streams = new Set<string>();
  #events: Emission[] = [];
  #bytes = 0;

  constructor(client: CloudWatchLogsClient, group: string, sleep: Sleep) {
    this.#client = client;
    this.#group = group;
    this.#sleep = sleep;
  }

  async accept(emission: Emission): Promise<void> {
    const [first] = this.#events;
    const isOther = first !== undefined && streamOf(first) !== streamOf(emission);
    if (isOther || (first !== undefined && emission.time - first.time > BATCH_MS)) await this.flush();
    this.#events.push(emission);
    this.#bytes += Buffer.byteLength(emission.body) + EVENT_BYTES;
    if (this.#events.length >= BATCH_EVENTS || this.#bytes >= BATCH_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    const [first] = this.#events;
    if (first === undefined) return;
    const events = this.#events;
    this.#events = [];
    this.#bytes = 0;
    const stream = streamOf(first);
    await this.#open(stream);
    const answer = await sendToAws(this.#target("logs:PutLogEvents"), this.#sleep, () =>
      this.#client.send(
        new PutLogEventsCommand({
          logGroupName: this.#group,
          logStreamName: stream,
          // in order of time, as the service demands
          logEvents: events
            .map(({ time, body }) => ({ timestamp: time, message: body }))
            .toSorted((a, b) => a.timestamp - b.timestamp),
        }),
      ),
    );
    // the call succeeds, and what it names here is dropped
    if (answer.rejectedLogEventsInfo === undefined) return;
    throw new AppError(
      "output_failed",
      `log group "${this.#group}" does not take events of ${new Date(first.time).toISOString()}: CloudWatch Logs drops what is older than 14 days or than the group's retention, and what is more than 2 hours ahead; give another --start`,
    );
  }

  async #open(stream: string): Promise<void> {
    if (this.#streams.has(stream)) return;
    const group = this.#group;
    if (this.#streams.size === 0) {
      await this.#create("logs:CreateLogGroup", () =>
        this.#client.send(new CreateLogGroupCommand({ logGroupName: group })),
      );
    }
    await this.#create("logs:CreateLogStream", () =>
      this.#client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream })),
    );
    this.#streams.add(stream);
  }

  /** What exists already is as good as made. */
  async #create(action: string, send: () => Promise<unknown>): Promise<void> {
    await sendToAws(this.#target(action), this.#sleep, async () => {
      try {
        await send();
      } catch (error) {
        if (!(error instanceof Error) || error.name !== EXISTS) throw error;
      }
    });
  }

  #target(action: string): AwsTarget {
    return { action, subject: `log group "${this.#group}"`, flag: "log-group" };
  }
}

/** `2026/11/02/14/stream-<base64 of 16 bytes>`; the same for an hour of one instance. */
function streamOf({ time, origin }: Emission): string {
  const hour = new Date(time).toISOString().slice(0, 13).replace("T", "/").replaceAll("-", "/");
  const id = Buffer.from(origin.instanceId.replaceAll("-", ""), "hex").toString("base64");
  return `${hour}/stream-${id}`;
}
