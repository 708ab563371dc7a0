import type { DuckDBConnection } from "@duckdb/node-api";
import type { ReadPool } from "./read-pool.ts";

/** What a token may be used for: `ingest` posts records and nothing else, `read` reads, `admin` does both and more. */
export type AccessScope = "ingest" | "read" | "admin";

/** One access token as it is kept. Times are Unix milliseconds. The token itself is nowhere. */
export interface AccessTokenRow {
  readonly tokenId: string;
  readonly name: string;
  readonly scope: AccessScope;
  /** Null: every source. */
  readonly sources: readonly string[] | null;
  /** Null: every group. */
  readonly groups: readonly string[] | null;
  /** SHA-256 of the whole token, hexadecimal. */
  readonly tokenHash: string;
  readonly createdTime: number;
  /** From here on it is refused; null: never. */
  readonly expiresTime: number | null;
  readonly revokedTime: number | null;
}

/** The table of access tokens. */
export class AccessTokens {
  readonly #pool: ReadPool;
  readonly #run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>;

  /** `run` gives the work a connection while no commit runs. */
  constructor(pool: ReadPool, run: <T>(work: (connection: DuckDBConnection) => Promise<T>) => Promise<T>) {
    this.#pool = pool;
    this.#run = run;
  }

  /** Every token that was ever made, the newest first. */
  async list(): Promise<readonly AccessTokenRow[]> {
    const rows = await this.#pool.rows(
      `select token_id, name, scope, sources, groups, token_hash, created_time, expires_time, revoked_time
       from store.access_token
       order by created_time desc, token_id`,
    );
    return rows.map((row) => ({
      tokenId: String(row["token_id"]),
      name: String(row["name"]),
      scope: scopeOf(row["scope"]),
      sources: listOf(row["sources"]),
      groups: listOf(row["groups"]),
      tokenHash: String(row["token_hash"]),
      createdTime: Number(row["created_time"]),
      expiresTime: timeOf(row["expires_time"]),
      revokedTime: timeOf(row["revoked_time"]),
    }));
  }

  /** Resolves when the token is durable: only then may it be shown to anybody. */
  insert(token: AccessTokenRow): Promise<void> {
    return this.#run(async (connection) => {
      await connection.run(
        `insert into store.access_token
         values ($id, $name, $scope, $sources, $groups, $hash, epoch_ms($created::bigint),
           epoch_ms($expires::bigint), epoch_ms($revoked::bigint))`,
        {
          id: token.tokenId,
          name: token.name,
          scope: token.scope,
          sources: token.sources === null ? null : JSON.stringify(token.sources),
          groups: token.groups === null ? null : JSON.stringify(token.groups),
          hash: token.tokenHash,
          created: String(token.createdTime),
          expires: token.expiresTime === null ? null : String(token.expiresTime),
          revoked: token.revokedTime === null ? null : String(token.revokedTime),
        },
      );
    });
  }

  /** Ends tokens at a time; resolves when that is durable. A token that ended earlier keeps its time. */
  end(tokenId: string, at: { readonly revokedTime: number } | { readonly expiresTime: number }): Promise<void> {
    const [column, time] = "revokedTime" in at ? ["revoked_time", at.revokedTime] : ["expires_time", at.expiresTime];
    return this.#run(async (connection) => {
      await connection.run(
        `update store.access_token set ${column} = least(coalesce(${column}, 'infinity'), epoch_ms($time::bigint))
         where token_id = $id`,
        { id: tokenId, time: String(time) },
      );
    });
  }
}

/** Anything unknown, such as a scope of a later version, may do the least. */
function scopeOf(value: unknown): AccessScope {
  return value === "admin" || value === "read" ? value : "ingest";
}

function listOf(value: unknown): readonly string[] | null {
  if (typeof value !== "string") return null;
  const parsed: unknown = JSON.parse(value);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

function timeOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
