import type { Store } from "@fourwire/store";

/** A batch is followed by nine times as long a pause: a tenth of a core, whatever the size of the contact centre. */
const PAUSE_FACTOR = 9;

/** Marks are looked at this often while there are none. */
const IDLE_MS = 2000;

/** Nothing is waited for longer than this, so that a large batch does not hold up the next for minutes. */
const MAX_PAUSE_MS = 10_000;

/** Keeps the derived tables current while records come in. A failure is said and tried again. */
export class SettleLoop {
  readonly #store: Store;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastFailure = "";

  constructor(store: Store) {
    this.#store = store;
    this.#schedule(IDLE_MS);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#turn();
    }, delayMs);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    const started = performance.now();
    let hasMore = false;
    try {
      // one batch: the budget is looked at before each
      const report = await this.#store.agentDays.settle({ budgetMs: 1, signal: this.#abort.signal });
      hasMore = report.pendingDays > 0;
      this.#lastFailure = "";
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
    const pauseMs = Math.min(MAX_PAUSE_MS, (performance.now() - started) * PAUSE_FACTOR);
    this.#schedule(hasMore ? pauseMs : Math.max(pauseMs, IDLE_MS));
  }

  #tell(failure: string): void {
    if (failure === this.#lastFailure) return;
    this.#lastFailure = failure;
    process.stderr.write(
      `fourwire: working out agents' days failed, nothing is lost and it is tried again: ${failure}\n`,
    );
  }
}
