import type { DuckDBConnection } from "@duckdb/node-api";
import { join } from "node:path";
import { SOURCE_NAMES, type SourceName } from "@fourwire/core";

/** One Parquet file of the lake. */
export interface LakeFile {
  /** Relative to the lake folder: `<source>/event_date=YYYY-MM-DD/part-<uuid>.parquet`. */
  readonly path: string;
  readonly source: SourceName;
  readonly event_date: string;
  readonly row_count: number;
  readonly size_bytes: number;
  readonly min_event_time: number;
  readonly max_event_time: number;
  readonly last_ingested_time: number;
}

/** The list of lake files, in memory as in `store.lake_file`. */
export class LakeManifest {
  readonly #lakePath: string;
  #files: ReadonlyMap<SourceName, readonly LakeFile[]> = new Map();
  #unreadable: ReadonlySet<string> = new Set();
  #version = 0;
  #isChanging = false;
  #change: Promise<unknown> = Promise.resolve();
  readonly #holds = new Set<Promise<void>>();

  constructor(lakePath: string) {
    this.#lakePath = lakePath;
  }

  /**
   * Runs a change of the list, from before its commit until the list here is that of the database again. Readers that
   * overlap it read once more (`readSettled`): between the two they would see a moved record twice, or not at all.
   */
  change<T>(work: () => Promise<T>): Promise<T> {
    this.#version++;
    this.#isChanging = true;
    const running = work().finally(() => {
      this.#isChanging = false;
    });
    this.#change = running.catch(() => undefined);
    return running;
  }

  /**
   * Reads with a list of files that stayed the same from beginning to end. A reader that met changes twice holds the
   * next ones back until it has its answer (`waitForReaders`).
   */
  async readSettled<T>(read: () => Promise<T>): Promise<T> {
    const answer = (await this.#tryRead(read)) ?? (await this.#tryRead(read));
    return answer === undefined ? this.#readHolding(read) : answer.value;
  }

  /** Waits for readers that changes have kept from an answer. Called before a change, while commits still run. */
  async waitForReaders(): Promise<void> {
    await Promise.all(this.#holds);
  }

  async #readHolding<T>(read: () => Promise<T>): Promise<T> {
    const reading = this.#readUntilSettled(read);
    const hold = reading.then(
      () => undefined,
      () => undefined,
    );
    this.#holds.add(hold);
    try {
      return await reading;
    } finally {
      this.#holds.delete(hold);
    }
  }

  /** At most the changes that had waited for readers before this one began can still come in between. */
  async #readUntilSettled<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      const answer = await this.#tryRead(read);
      if (answer !== undefined) return answer.value;
    }
  }

  /** The answer, unless the list changed meanwhile. */
  async #tryRead<T>(read: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    // another change may have begun by the time the one that was waited for has ended
    while (this.#isChanging) await this.#change;
    const version = this.#version;
    const value = await read();
    return version === this.#version ? { value } : undefined;
  }

  /** Reads the list from the database. */
  async load(connection: DuckDBConnection): Promise<void> {
    const reader = await connection.runAndReadAll(
      `select path, source, event_date::varchar as event_date, row_count::double as row_count, size_bytes::double as size_bytes,
         epoch_ms(min_event_time)::double as min_event_time, epoch_ms(max_event_time)::double as max_event_time,
         epoch_ms(last_ingested_time)::double as last_ingested_time
       from store.lake_file order by source, event_date, path`,
    );
    const files = new Map<SourceName, LakeFile[]>(SOURCE_NAMES.map((source) => [source, []]));
    for (const row of reader.getRowObjectsJS() as unknown as LakeFile[]) files.get(row.source)?.push(row);
    this.#files = files;
  }

  /** The files that can be read. */
  files(source: SourceName): readonly LakeFile[] {
    return (this.#files.get(source) ?? []).filter((file) => !this.#unreadable.has(file.path));
  }

  /** Leaves files out of every read, until the next opening looks at them again. They stay listed. */
  leaveOut(paths: Iterable<string>): void {
    this.#unreadable = new Set([...this.#unreadable, ...paths]);
  }

  /** Every listed file, readable or not. */
  get everyFile(): readonly LakeFile[] {
    return [...this.#files.values()].flat();
  }

  get paths(): ReadonlySet<string> {
    return new Set([...this.#files.values()].flat().map((file) => file.path));
  }

  /** Files that may hold records between two instants (ms, both included). */
  filesBetween(source: SourceName, from: number, to: number): readonly LakeFile[] {
    return this.files(source).filter((file) => file.max_event_time >= from && file.min_event_time <= to);
  }

  absolutePath(file: { readonly path: string }): string {
    return join(this.#lakePath, file.path);
  }
}
