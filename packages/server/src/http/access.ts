import { AppError } from "@fourwire/core";
import type { FastifyRequest } from "fastify";
import type { Caller } from "../access/access.ts";
import type { ServerContext } from "./context.ts";

/**
 * Throws `unauthorized` unless the request carries a valid token, `forbidden` unless its scope is `admin`. For every
 * route that changes something or reaches beyond the store.
 */
export function authorize(request: FastifyRequest, context: ServerContext): Caller {
  const caller = context.access.identify(request.headers);
  context.access.require(caller, "admin");
  return caller;
}

/** Answered to anybody: whether the server lives, for probes that carry neither token nor name. */
const PROBES = new Set(["/healthz", "/readyz"]);

/** POST routes that only read. */
const READING_POSTS = new Set(["/v1/query", "/v1/query/parquet"]);

/** Routes that ask for their own scope: what is posted there needs `ingest`, not `admin`. */
const INGEST = /^\/v1\/(?:records|ccp-logs|firehose|eventbridge)(?:\/|$)/;

/**
 * Before every request. With `server.access: token` whatever is not listed needs a token, so that a new route is closed
 * until somebody opens it; the page's own files hold no records.
 */
export function guard(request: FastifyRequest, context: ServerContext): void {
  // the matched route, not the written URL, which has many spellings; undefined where none matches
  const path = request.routeOptions.url ?? "";
  const needsToken = context.access.mode === "token";
  if (needsToken && PROBES.has(path)) return;
  checkHost(request, context);
  const isReading = request.method === "GET" || request.method === "HEAD" || READING_POSTS.has(path);
  if (!needsToken || (isReading && isPageFile(path)) || (!isReading && INGEST.test(path))) return;
  context.access.require(context.access.identify(request.headers), isReading ? "read" : "admin");
}

/** Everything beside the API is the page, which routes itself. */
function isPageFile(path: string): boolean {
  return !/^\/(?:v1|metrics|openapi)(?:[/.]|$)/i.test(path);
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A page on the web can make a browser ask its own name for our address (DNS rebinding) and read the answer; the
 * Host header then carries that name, so only the loopback's own names and the configured ones are answered.
 */
function checkHost(request: FastifyRequest, context: ServerContext): void {
  const written = (request.headers.host ?? "").toLowerCase();
  const host = written.replace(/:\d+$/, "");
  if (LOOPBACK_NAMES.has(host)) return;
  const allowed = new Set(context.config.server.allowed_hosts.map((name) => name.toLowerCase()));
  if (allowed.has(host) || allowed.has(written)) return;
  throw new AppError(
    "host_not_allowed",
    `this server does not answer to "${host.slice(0, 100)}"; add the name to server.allowed_hosts`,
  );
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
