import type { IngestResult } from "../ingest.ts";
import type { RejectReason } from "@fourwire/core";
import type { Checkpoints } from "@fourwire/store";

/** What a receiver takes records from; also the `type` of its entry in fourwire.yaml. */
export type ReceiverType =
  | "kinesis"
  | "cloudwatch_logs"
  | "s3_cloudtrail"
  | "event_history"
  | "sqs"
  | "firehose"
  | "http";

/**
 * waiting: nothing came in the last five minutes, or what is read from does not exist (yet), which the detail says;
 * receiving: something did; behind: receiving and further back than the receiver's own threshold; failing: the last
 * attempt failed and is tried again; denied: the other side refused our credentials or permissions, tried again slowly.
 */
export type ReceiverState = "starting" | "waiting" | "receiving" | "behind" | "failing" | "denied" | "stopped";

/** How a receiver is doing, for the page, `/v1/receivers` and `/metrics`. Times are Unix milliseconds. */
export interface ReceiverStatus {
  /** Unique; from the configuration. */
  readonly name: string;
  readonly type: ReceiverType;
  readonly state: ReceiverState;
  /** What failed and what to do, when state is failing or denied; what is missing, when it is waited for. */
  readonly detail: string | null;
  readonly lastRecordTime: number | null;
  readonly lagMs: number | null;
  /** Records stored, known already or rejected in the last minute. */
  readonly recordsPerMinute: number;
  readonly appended: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** What was left out on purpose, by reason: `control_message`, `digest_file`, ... */
  readonly dropped: Readonly<Record<string, number>>;
  /** Where a receiver has Live Tail tell it when to read. */
  readonly liveTail?: LiveTailStatus;
  /** Holes that cannot be filled any more, such as records that expired before they were read. */
  readonly gaps: readonly ReceiverGap[];
}

/** Sessions that only tell that there is something to read; without one the receiver reads as often as it is told to. */
export interface LiveTailStatus {
  readonly isConnected: boolean;
  /** Sessions that were begun. */
  readonly sessionCount: number;
  /** How often one told that there is something to read. */
  readonly wakeCount: number;
}

export interface ReceiverGap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Takes records from one place until stopped. A failing place is tried again; it never ends the process. */
export interface Receiver {
  start(): void;
  status(): ReceiverStatus;
  /** Stops fetching, waits for what is being stored, saves its position. */
  stop(): Promise<void>;
}

/** One message as the carrier handed it over: a Kinesis record's data, a file's bytes, an SQS body. */
export interface ReceivedMessage {
  /** Any number of gzip layers. */
  readonly bytes: Uint8Array;
  /** Where it came from, for rejected records: `kinesis:connect-agents/shardId-000000000000/4957...`. */
  readonly origin: string;
  /** The carrier itself is damaged: the bytes are rejected as they are, for this reason. */
  readonly fault?: { readonly reason: RejectReason; readonly detail: string };
}

/** What became of messages, once it is durable. */
export interface DeliveryResult extends IngestResult {
  /** Left out on purpose, by reason, such as `control_message`. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What every receiver is given. */
export interface ReceiverContext {
  /**
   * Stores the records of the messages; resolves when they are durable. One bad message is rejected alone. Waits and
   * tries again while the store refuses (full disk, overload), saying so through `onRefused`; rejects only when
   * `signal` is aborted or on a bug. Messages are decoded and stored in slices, so memory stays bounded; what was
   * stored before a rejection comes back as duplicates when the messages are delivered again.
   */
  deliver(
    messages: readonly ReceivedMessage[],
    signal: AbortSignal,
    onRefused?: (reason: string) => void,
  ): Promise<DeliveryResult>;
  readonly checkpoints: Checkpoints;
  readonly now: () => number;
  /** Resolves after `ms`, at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}
