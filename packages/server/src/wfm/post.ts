/** What became of one attempt to deliver. */
export type PostOutcome =
  | { readonly kind: "taken"; readonly status: number }
  /** May work later: a server's failure, too many requests, no answer. */
  | {
      readonly kind: "failed";
      readonly status: number | null;
      readonly detail: string;
      readonly retryAfterMs: number | null;
    }
  /** Will not work later either. */
  | { readonly kind: "refused"; readonly status: number; readonly detail: string };

/** Answers of the 400s that say "later": request timeout, too early, too many requests. */
const LATER = new Set([408, 425, 429]);

/** A server may ask for this much patience. */
const MAX_RETRY_AFTER_MS = 600_000;

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends the attempt when the server stops. */
  readonly signal: AbortSignal;
}

/** Posts once. Follows no redirect: the address was configured, and what a stranger answers must not choose another. */
export async function post(request: Post, now: () => number): Promise<PostOutcome> {
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: "POST",
      body: request.body,
      headers: { "content-type": "application/json", ...request.headers },
      redirect: "manual",
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]),
    });
    // the answer's text is of no use, and a connection whose answer is not read cannot be used again
    await response.body?.cancel();
  } catch (error) {
    return { kind: "failed", status: null, detail: reasonOf(error, request.timeoutMs), retryAfterMs: null };
  }
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: "taken", status };
  const retryAfterMs = retryAfterOf(response.headers.get("retry-after"), now());
  if (status >= 500 || LATER.has(status)) return { kind: "failed", status, detail: `answered ${status}`, retryAfterMs };
  const detail =
    status >= 300 && status < 400 ? `answered ${status}; redirects are not followed` : `answered ${status}`;
  return { kind: "refused", status, detail };
}

/** Of `Retry-After`, seconds or a date; null where it says nothing. */
export function retryAfterOf(header: string | null, now: number): number | null {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  // "fetch failed" says nothing; its cause does
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
