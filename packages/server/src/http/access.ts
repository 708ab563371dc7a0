import { timingSafeEqual } from "node:crypto";
import { AppError } from "@fourwire/core";
import type { FastifyRequest } from "fastify";
import type { ServerContext } from "./context.ts";

/** Throws `unauthorized` unless the request carries the server's token as `Authorization: Bearer`. */
export function authorize(request: FastifyRequest, context: ServerContext): void {
  const shown = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  if (!isSame(shown, context.token)) {
    throw new AppError(
      "unauthorized",
      "this needs the header Authorization: Bearer <token>; the running server's token stands in owner.json in its data directory",
    );
  }
}

function isSame(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A page on the web can make a browser ask its own name for our address (DNS rebinding) and read the answer; the
 * Host header then carries that name, so only the loopback's own names are answered.
 */
export function checkHost(request: FastifyRequest): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (!LOOPBACK_NAMES.has(host))
    throw new AppError("host_not_allowed", `this server answers to localhost only, not to "${host}"`);
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}
