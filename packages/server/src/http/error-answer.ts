import { AppError, docsOf, type ErrorCode, type ErrorResponse } from "@fourwire/core";

const STATUS_OF: Readonly<Partial<Record<ErrorCode, number>>> = {
  filter_invalid: 400,
  parameter_invalid: 400,
  query_failed: 400,
  query_not_allowed: 403,
  query_timeout: 408,
  query_overload: 429,
  unauthorized: 401,
  forbidden: 403,
  rate_limited: 429,
  host_not_allowed: 403,
  not_found: 404,
  path_not_found: 404,
  body_too_large: 413,
  encoding_unsupported: 415,
  overload: 503,
  store_write_failed: 503,
  store_closed: 503,
  store_reopening: 503,
  disk_full: 503,
};

/** The HTTP status of an error. */
export function statusOf(error: AppError): number {
  return STATUS_OF[error.code] ?? 500;
}

/** Seconds until the client may try again. */
export function retryAfterOf(error: AppError): string {
  const { retryAfterS } = error.details;
  return typeof retryAfterS === "number" ? String(retryAfterS) : "1";
}

/** Whatever was thrown, as an error with a code; what Fastify throws carries a status. */
export function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return new AppError("internal", String(error), { cause: error });
  const statusCode = "statusCode" in error && typeof error.statusCode === "number" ? error.statusCode : undefined;
  const { message } = error;
  if (statusCode === 413)
    return new AppError("body_too_large", "the body is larger than this route takes; send fewer records at once", {
      cause: error,
    });
  if (statusCode !== undefined && statusCode < 500) return new AppError("parameter_invalid", message, { cause: error });
  return new AppError("internal", message, { cause: error });
}

/** The body of every error but those of Firehose, which has its own form. */
export function errorBody(error: AppError): ErrorResponse {
  return { code: error.code, message: error.message, docs: docsOf(error.code) };
}
