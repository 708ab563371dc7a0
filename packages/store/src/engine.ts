import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { AppError } from "@fourwire/core";

/** What keeps connections of its own: it lets them go before the instance is replaced, and makes new ones after. */
export interface ConnectionHolder {
  detach(): void;
  attach(instance: DuckDBInstance): Promise<void>;
}

/** Wait between attempts to open the database again. */
const REOPEN_MS = { first: 100, most: 5000 } as const;

/** How long closing waits for queries that run; those of people are interrupted when their connection is closed. */
const CLOSE_PATIENCE_MS = 10_000;

/**
 * The DuckDB instance of the store, and whoever works with it. After a failed checkpoint or sync DuckDB answers nothing
 * any more ("database has been invalidated"): then everybody is let go and the file is opened again, which replays the
 * log, without the process ending. What was committed is in the file or the log; what was not was never acknowledged.
 */
export class Engine {
  readonly #open: () => Promise<DuckDBInstance>;
  readonly #holders: ConnectionHolder[] = [];
  #instance: DuckDBInstance | undefined;
  #users = 0;
  #whenUnused: (() => void) | undefined;
  #replacing: Promise<void> | undefined;
  #isLettingGo = false;
  #isClosed = false;
  #reopenCount = 0;

  constructor(instance: DuckDBInstance, open: () => Promise<DuckDBInstance>) {
    this.#instance = instance;
    this.#open = open;
  }

  /** How often the database had to be opened again. */
  get reopenCount(): number {
    return this.#reopenCount;
  }

  async hold(holder: ConnectionHolder): Promise<void> {
    this.#holders.push(holder);
    await holder.attach(this.#usable());
  }

  /**
   * Works with the instance; it is not replaced before the work has ended. After a failure it is looked at. Throws
   * `store_reopening` while others are let go: whoever waited then could be what one of them waits for.
   */
  async use<T>(work: (instance: DuckDBInstance) => Promise<T>): Promise<T> {
    if (this.#isLettingGo) throw reopening();
    await this.#replacing;
    if (this.#isClosed) throw new AppError("store_closed", "the store is closed");
    const instance = this.#usable();
    this.#users++;
    try {
      return await work(instance);
    } catch (error) {
      if (!this.#isClosed && !(await isAlive(instance))) this.#replace();
      throw error;
    } finally {
      this.#users--;
      if (this.#users === 0) this.#whenUnused?.();
    }
  }

  /** Works on a connection of its own. */
  async connected<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.use(async (instance) => {
      const connection = await instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.closeSync();
      }
    });
  }

  /** Ends attempts to open again, and, once nobody works with it any more, the instance. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#replacing;
    // DuckDB does not take it well when an instance goes while a query runs in it
    if (this.#users > 0) await this.#waitForUsers();
    for (const holder of this.#holders) holder.detach();
    this.#instance?.closeSync();
    this.#instance = undefined;
  }

  #usable(): DuckDBInstance {
    if (this.#instance !== undefined) return this.#instance;
    throw reopening();
  }

  #replace(): void {
    this.#replacing ??= this.#replaceInstance().finally(() => {
      this.#replacing = undefined;
    });
  }

  async #waitForUsers(): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (patience = setTimeout(resolve, CLOSE_PATIENCE_MS)));
    await Promise.race([this.#untilUnused(), late]);
    clearTimeout(patience);
  }

  async #untilUnused(): Promise<void> {
    await new Promise<void>((resolve) => (this.#whenUnused = resolve));
    this.#whenUnused = undefined;
  }

  /** Resolves after the first attempt: while the file cannot be opened, callers are refused instead of kept waiting. */
  async #replaceInstance(): Promise<void> {
    this.#isLettingGo = true;
    await this.#untilUnused();
    this.#isLettingGo = false;
    for (const holder of this.#holders) holder.detach();
    this.#instance?.closeSync();
    this.#instance = undefined;
    await this.#tryToOpen(REOPEN_MS.first);
  }

  async #tryToOpen(waitMs: number): Promise<void> {
    if (this.#isClosed) return;
    try {
      const instance = await this.#open();
      for (const holder of this.#holders) await holder.attach(instance);
      this.#instance = instance;
      this.#reopenCount++;
    } catch {
      // most likely the disk is still full; whoever asks meanwhile is told to come again
      const timer = setTimeout(() => this.#retry(Math.min(2 * waitMs, REOPEN_MS.most)), waitMs);
      timer.unref();
    }
  }

  #retry(waitMs: number): void {
    this.#replacing ??= this.#tryToOpen(waitMs).finally(() => {
      this.#replacing = undefined;
    });
  }
}

function reopening(): AppError {
  return new AppError("store_reopening", "the database is being opened again after a failed write; try again", {
    retryable: true,
  });
}

/** An invalidated database refuses every statement, on every connection. */
async function isAlive(instance: DuckDBInstance): Promise<boolean> {
  try {
    const connection = await instance.connect();
    try {
      await connection.run("select 1");
      return true;
    } finally {
      connection.closeSync();
    }
  } catch {
    return false;
  }
}
