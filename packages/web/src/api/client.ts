import type { ErrorResponse } from "@fourwire/core";

/** A request that did not succeed. `code` is the server's, or `unreachable` when no answer came at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly docs: string;
  readonly status: number;

  constructor(response: ErrorResponse, status: number) {
    super(response.message);
    this.name = "ApiError";
    this.code = response.code;
    this.docs = response.docs;
    this.status = status;
  }
}

export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** GETs JSON. `T` is the contract of core's api.ts: the server is of the same version and checks what it sends. */
export function getJson<T>(path: string, parameters: Parameters, signal: AbortSignal): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  const suffix = query.size === 0 ? "" : `?${query.toString()}`;
  return request<T>(`${path}${suffix}`, { signal });
}

export function postJson<T>(path: string, body: unknown, signal: AbortSignal): Promise<T> {
  const headers = { "content-type": "application/json" };
  return request<T>(path, { method: "POST", headers, body: JSON.stringify(body), signal });
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof ApiError && error.code === "unreachable";
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  const response = await answer(url, init);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(readError(body, response), response.status);
  if (body === undefined) throw new ApiError(notJson(url), response.status);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON edge, see getJson
  return body as T;
}

async function answer(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    const message = "no answer from the server; check that fourwire serve is running";
    throw new ApiError({ code: "unreachable", message, docs: "" }, 0);
  }
}

function readError(body: unknown, response: Response): ErrorResponse {
  // behind a proxy that is up while the server is down, the proxy answers 502-504 with a page of its own
  if (isErrorResponse(body)) return body;
  const isGateway = response.status >= 502 && response.status <= 504;
  const message = `the server answered ${response.status} ${response.statusText}`;
  return { code: isGateway ? "unreachable" : `http_${response.status}`, message, docs: "" };
}

function isErrorResponse(body: unknown): body is ErrorResponse {
  return typeof body === "object" && body !== null && "code" in body && "message" in body && "docs" in body;
}

function notJson(url: string): ErrorResponse {
  return {
    code: "not_json",
    message: `the answer to ${url} was not JSON; is another server on this address?`,
    docs: "",
  };
}
