import { AppError } from "@fourwire/core";
import { isLoopback } from "../http/access.ts";
import type { Config } from "./config.ts";

const INSTEAD = "or use 127.0.0.1 with a reverse proxy or an SSH tunnel";

/**
 * Another address than the loopback is listened on only where nobody gets in without a token. Throws `host_not_allowed`
 * while the configuration does not see to that; that there is a token is for `requireToken` to look at.
 */
export function requireListenAddress({ host, access, allowed_hosts }: Config["server"]): void {
  if (isLoopback(host)) return;
  const missing = [
    ...(access === "token" ? [] : ["server.access: token in fourwire.yaml"]),
    ...(allowed_hosts.length > 0 ? [] : ["the names clients use in server.allowed_hosts"]),
  ];
  if (missing.length === 0) return;
  throw refused(host, `${missing.join(", and ")}, besides a token made by fourwire token create`);
}

/** Where it listens on another address than the loopback there must be a token, or nobody could be answered. */
export function requireToken({ host }: Config["server"], hasToken: boolean): void {
  if (!isLoopback(host) && !hasToken) throw refused(host, "a token, made by fourwire token create");
}

function refused(host: string, needs: string): AppError {
  return new AppError("host_not_allowed", `refusing to listen on ${host}: that needs ${needs}; ${INSTEAD}`);
}
