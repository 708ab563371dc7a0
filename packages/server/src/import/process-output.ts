import { StagingWriter, type RejectedInput, type StagedGroup } from "@fourwire/store";
import type { Pipeline } from "../pipeline.ts";
import type { ProcessSettings } from "./import-process.ts";

/** Rows and characters in one staged file: enough to be worth a commit, few enough to keep memory flat. */
const GROUP_ROWS = 65_536;
const GROUP_CHARACTERS = 24 * 1024 * 1024;

/** Rejected records in one group: their bytes are in memory until it is stored. */
const GROUP_REJECTED = 1000;

/** Groups on their way to the store before decoding waits for it. */
const MAX_IN_FLIGHT = 2;

/** Who takes what was made. */
export interface OutputReceiver {
  staged(group: StagedGroup, rejected: readonly RejectedInput[]): void;
  failed(message: string): void;
}

/**
 * What decoding has made and not yet sent. Where there are two staging databases they take turns: while one writes its
 * file on a thread of DuckDB's, the other takes the next records.
 */
export class ProcessOutput {
  readonly #stagings: readonly StagingWriter[];
  #turn = 0;
  #writing: Promise<void> = Promise.resolve();
  #rejected: RejectedInput[] = [];
  #inFlight = 0;
  #wake: (() => void) | undefined;
  readonly #receiver: OutputReceiver;

  private constructor(stagings: readonly StagingWriter[], receiver: OutputReceiver) {
    this.#stagings = stagings;
    this.#receiver = receiver;
  }

  static async create(settings: ProcessSettings, receiver: OutputReceiver): Promise<ProcessOutput> {
    const stagings: StagingWriter[] = [];
    while (stagings.length < settings.stagingCount) stagings.push(await StagingWriter.create(settings.stagingPath));
    return new ProcessOutput(stagings, receiver);
  }

  get #current(): StagingWriter {
    return this.#stagings[this.#turn % this.#stagings.length] as StagingWriter;
  }

  collect(pipeline: Pipeline): void {
    const decoded = pipeline.take();
    this.#current.add(decoded.batches);
    this.#rejected.push(...decoded.rejected);
  }

  get isFull(): boolean {
    return (
      this.#current.rowCount >= GROUP_ROWS ||
      this.#current.sizeBytes >= GROUP_CHARACTERS ||
      this.#rejected.length >= GROUP_REJECTED
    );
  }

  /** Writes what was collected; with a second database to fill, only waits for the write before this one. */
  async send(): Promise<void> {
    await this.#writing;
    const staging = this.#current;
    const rejected = this.#rejected;
    this.#turn++;
    this.#rejected = [];
    while (this.#inFlight >= MAX_IN_FLIGHT) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#inFlight++;
    this.#writing = staging.stage().then(
      (group) => this.#receiver.staged(group, rejected),
      (error: unknown) => this.#receiver.failed(error instanceof Error ? error.message : String(error)),
    );
    if (this.#stagings.length === 1) await this.#writing;
  }

  /** A group that was sent is on disk in the store. */
  acknowledge(): void {
    this.#inFlight--;
    this.#wake?.();
  }

  async finish(): Promise<void> {
    if (this.#current.rowCount > 0 || this.#rejected.length > 0) await this.send();
    await this.#writing;
  }
}
