/** Every failure an operator can meet. Cause and remedy of each stand in docs/errors.md, tested in both directions. */
export const ERROR_CODES = [
  "store_locked",
  "store_open_failed",
  "store_closed",
  "store_write_failed",
  "store_reopening",
  "disk_full",
  "query_not_allowed",
  "query_failed",
  "query_timeout",
  "query_overload",
  "filter_invalid",
  "parameter_invalid",
  "not_found",
  "path_not_found",
  "file_unreadable",
  "flow_invalid",
  "server_unreachable",
  "listen_failed",
  "host_not_allowed",
  "config_invalid",
  "secret_missing",
  "unauthorized",
  "forbidden",
  "rate_limited",
  "overload",
  "body_too_large",
  "encoding_unsupported",
  "output_failed",
  "output_not_empty",
  "internal",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** True only where trying again, unchanged, can succeed. */
  readonly retryable?: boolean;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A failing operation. The message says what failed, with which value, and what to do; lower case, no full stop. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/** Where the documentation explains a code, relative to the documentation's root. */
export function docsOf(code: ErrorCode): string {
  return `docs/errors.md#${code}`;
}
