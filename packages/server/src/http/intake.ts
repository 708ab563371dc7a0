import { AppError, type ErrorCode } from "@fourwire/core";

/** Why nothing is taken now. */
export interface Refusal {
  readonly code: Extract<ErrorCode, "overload" | "store_closed" | "disk_full">;
  readonly message: string;
  readonly retryAfterS: number;
}

export interface IntakeOptions {
  /** Bytes of all bodies that are being received, inflated or stored; `limits.max_waiting`. */
  readonly maxWaitingBytes: number;
  /**
   * What the store says: too many rows wait for a commit, or the disk is above its high-water mark. Asked before a body is
   * taken, so that nothing is acknowledged that could not be kept.
   */
  readonly storeRefusal: () => Refusal | undefined;
}

const OVERLOAD: Refusal = {
  code: "overload",
  message: "too much is being received at once; send this again",
  retryAfterS: 1,
};

const CLOSING: Refusal = {
  code: "store_closed",
  message: "the server is stopping; send this again when it is back",
  retryAfterS: 5,
};

/** Keeps the bytes of all requests within their bound, and knows when nothing may be taken. */
export class Intake {
  readonly #options: IntakeOptions;
  #waitingBytes = 0;
  #isClosing = false;
  #refusedCount = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Undefined while records are taken. */
  refusal(): Refusal | undefined {
    if (this.#isClosing) return CLOSING;
    return this.#options.storeRefusal() ?? (this.#waitingBytes >= this.#options.maxWaitingBytes ? OVERLOAD : undefined);
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Requests that were shed since the start. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Throws the refusal, where there is one. */
  admit(): void {
    const refusal = this.refusal();
    if (refusal !== undefined) throw this.#refused(refusal);
  }

  /** What one request holds; `release` gives it back. */
  open(): IntakeShare {
    let held = 0;
    return {
      hold: (bytes) => {
        // one request alone may be larger than the bound: refused, it could never be sent
        if (this.#waitingBytes > held && this.#waitingBytes + bytes > this.#options.maxWaitingBytes)
          throw this.#refused(OVERLOAD);
        held += bytes;
        this.#waitingBytes += bytes;
      },
      release: () => {
        this.#waitingBytes -= held;
        held = 0;
      },
    };
  }

  /** From here on everything is refused; what was admitted goes on. */
  close(): void {
    this.#isClosing = true;
  }

  #refused(refusal: Refusal): AppError {
    this.#refusedCount++;
    return new AppError(refusal.code, refusal.message, {
      retryable: true,
      details: { retryAfterS: refusal.retryAfterS },
    });
  }
}

/** The bytes of one request. */
export interface IntakeShare {
  /** Counts more bytes; throws `overload` when that is beyond the bound. */
  hold(bytes: number): void;
  release(): void;
}
