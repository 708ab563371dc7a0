/** Why a record could not be decoded. A closed set: every reason is explained in docs/errors.md. */
export const REJECT_REASONS = [
  "invalid_json",
  "invalid_utf8",
  "unknown_shape",
  "missing_field",
  "bad_type",
  "bad_time",
  "too_large",
  "too_deep",
  "corrupt_gzip",
  "inflate_limit",
  "corrupt_aggregate",
  "too_many_rejected",
  "not_allowed",
] as const;

export type RejectReason = (typeof REJECT_REASONS)[number];

/** Bad data is a value, never an exception. `detail` names the field and the value that was wrong. */
export interface Rejection {
  readonly reason: RejectReason;
  readonly detail: string;
}

/** The outcome of decoding one record. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejected: Rejection };

export function accepted<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function rejected(reason: RejectReason, detail: string): { readonly ok: false; readonly rejected: Rejection } {
  return { ok: false, rejected: { reason, detail } };
}
