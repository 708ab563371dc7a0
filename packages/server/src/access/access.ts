import { AppError, type SourceName } from "@fourwire/core";
import type { AccessScope } from "@fourwire/store";
import { isSameText } from "./token-format.ts";
import type { TokenRegistry } from "./token-registry.ts";

/** Who a request comes from. */
export interface Caller {
  /** For counting and limiting: the token's id, or `run` for the token of this run. */
  readonly id: string;
  readonly name: string;
  readonly scope: AccessScope;
  readonly sources: readonly string[] | null;
  readonly groups: readonly string[] | null;
}

const HOW_TO =
  "make one with: fourwire token create --scope ingest --name NAME, and send it as Authorization: Bearer TOKEN";

/** Decides what a request may do. */
export class Access {
  /** `token`: reading needs a token too. */
  readonly mode: "loopback" | "token";
  readonly registry: TokenRegistry;
  readonly #runToken: string;

  constructor(parts: {
    readonly mode: "loopback" | "token";
    readonly registry: TokenRegistry;
    /** The token of this run, for commands on the same machine. */
    readonly runToken: string;
  }) {
    this.mode = parts.mode;
    this.registry = parts.registry;
    this.#runToken = parts.runToken;
  }

  /** Who the headers say they are; throws `unauthorized` when they name nobody valid. */
  identify(headers: RequestHeaders): Caller {
    const shown = credentialsOf(headers);
    for (const token of shown) {
      if (isSameText(token, this.#runToken))
        return { id: "run", name: "this run", scope: "admin", sources: null, groups: null };
      const row = this.registry.find(token);
      if (row !== undefined)
        return { id: row.tokenId, name: row.name, scope: row.scope, sources: row.sources, groups: row.groups };
    }
    const what = shown.length === 0 ? "this needs a token" : "the token is not known, has expired or was revoked";
    throw new AppError("unauthorized", `${what}; ${HOW_TO}`);
  }

  /** Throws `forbidden` when the caller's token is for something else. */
  require(caller: Caller, scope: AccessScope): void {
    if (caller.scope === scope || caller.scope === "admin") return;
    throw new AppError("forbidden", `the token "${caller.name}" has the scope ${caller.scope}; this needs ${scope}`);
  }

  /**
   * Throws `forbidden` when the token is for other sources. On a route that takes any source (`undefined`) each record
   * is looked at by itself (`PipelineOptions.allowed`).
   */
  requireSource(caller: Caller, source: SourceName | undefined): void {
    if (caller.sources === null || source === undefined || caller.sources.includes(source)) return;
    const allowed = caller.sources.join(", ");
    throw new AppError("forbidden", `the token "${caller.name}" is for ${allowed}, not for ${source}`);
  }
}

type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What may be a token: `Authorization: Bearer`, the password of `Authorization: Basic` (EventBridge connections, and
 * proxies that know nothing else), an API key header (EventBridge connections), Firehose's access key.
 */
function credentialsOf(headers: RequestHeaders): readonly string[] {
  const shown = [bearerOf(headers["authorization"]), headers["x-api-key"], headers["x-amz-firehose-access-key"]];
  return shown
    .filter((token) => typeof token === "string")
    .map((token) => token.trim())
    .filter((token) => token !== "");
}

function bearerOf(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== "string") return undefined;
  const [, scheme = "", value = ""] = /^(\w+) +(\S+) *$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString("utf8");
  return pair.slice(pair.indexOf(":") + 1);
}
