import { AppError } from "@fourwire/core";
import type { AccessScope, AccessTokenRow, AccessTokens } from "@fourwire/store";
import { generateToken, hashToken, isSameText, tokenIdOf } from "./token-format.ts";

/** Tokens that are valid at the same time: one a sender and one a reader, not one an agent. */
const MAX_VALID_TOKENS = 1000;

export interface TokenRequest {
  readonly name: string;
  readonly scope: AccessScope;
  /** Null: every source. */
  readonly sources: readonly string[] | null;
  /** Null: every group. */
  readonly groups: readonly string[] | null;
  /** Null: until it is revoked. */
  readonly expiresTime: number | null;
}

export interface CreatedToken {
  /** The only time that it is seen. */
  readonly token: string;
  readonly row: AccessTokenRow;
}

/**
 * The tokens of a data directory. All rows are held in memory and change only through here, so a revoked token is
 * refused from the request after the one that revoked it.
 */
export class TokenRegistry {
  readonly #table: AccessTokens;
  readonly #now: () => number;
  readonly #rows: Map<string, AccessTokenRow>;

  private constructor(table: AccessTokens, now: () => number, rows: readonly AccessTokenRow[]) {
    this.#table = table;
    this.#now = now;
    this.#rows = new Map(rows.map((row) => [row.tokenId, row]));
  }

  static async open(table: AccessTokens, now: () => number): Promise<TokenRegistry> {
    return new TokenRegistry(table, now, await table.list());
  }

  /** The token's row while it is valid; undefined for anything else that was shown. */
  find(token: string): AccessTokenRow | undefined {
    const row = this.#rows.get(tokenIdOf(token) ?? "");
    if (row === undefined || !isSameText(row.tokenHash, hashToken(token))) return undefined;
    return this.#isValid(row) ? row : undefined;
  }

  /** The newest first; those that ended too. */
  list(): readonly AccessTokenRow[] {
    return [...this.#rows.values()].toSorted(
      (left, right) => right.createdTime - left.createdTime || (left.tokenId < right.tokenId ? -1 : 1),
    );
  }

  get hasValid(): boolean {
    return this.#valid().length > 0;
  }

  /** Resolves when the token is durable. Throws `parameter_invalid` when a valid one has the name. */
  async create(request: TokenRequest): Promise<CreatedToken> {
    const valid = this.#valid();
    if (valid.some((row) => row.name === request.name)) {
      throw new AppError(
        "parameter_invalid",
        `a token named "${request.name}" exists; choose another name, or rotate that one`,
      );
    }
    if (valid.length >= MAX_VALID_TOKENS)
      throw new AppError("parameter_invalid", `there are ${MAX_VALID_TOKENS} valid tokens; revoke those not in use`);
    return this.#add(request);
  }

  /** Makes a new token with the rights of the old, which ends after `overlapMs`: the time to bring the new one to its users. */
  async rotate(reference: string, overlapMs: number): Promise<CreatedToken> {
    const old = this.#require(reference);
    const created = await this.#add({ ...old, expiresTime: null });
    const expiresTime = this.#now() + overlapMs;
    if (overlapMs === 0) await this.#end(old, { revokedTime: this.#now() });
    else if (old.expiresTime === null || old.expiresTime > expiresTime) await this.#end(old, { expiresTime });
    return created;
  }

  /** Resolves when it is durable; the token is refused at once. Throws `not_found`. */
  async revoke(reference: string): Promise<AccessTokenRow> {
    return this.#end(this.#require(reference), { revokedTime: this.#now() });
  }

  async #add(request: TokenRequest): Promise<CreatedToken> {
    const { tokenId, token, tokenHash } = generateToken(request.scope);
    const row: AccessTokenRow = {
      tokenId,
      name: request.name,
      scope: request.scope,
      sources: request.sources,
      groups: request.groups,
      tokenHash,
      createdTime: this.#now(),
      expiresTime: request.expiresTime,
      revokedTime: null,
    };
    await this.#table.insert(row);
    this.#rows.set(tokenId, row);
    return { token, row };
  }

  async #end(
    row: AccessTokenRow,
    at: { readonly revokedTime: number } | { readonly expiresTime: number },
  ): Promise<AccessTokenRow> {
    const ended = { ...row, ...at };
    // refused first and stored then: if storing fails, the worst is that it has to be revoked again after a restart
    this.#rows.set(row.tokenId, ended);
    await this.#table.end(row.tokenId, at);
    return ended;
  }

  /** A valid token by its id, its name, or itself. */
  #require(reference: string): AccessTokenRow {
    const id = tokenIdOf(reference) ?? reference;
    const found = this.#valid().find((row) => row.tokenId === id) ?? this.#valid().find((row) => row.name === id);
    if (found !== undefined) return found;
    const ended = this.#rows.has(id) ? "the token has ended already" : "no valid token has this id or name";
    throw new AppError("not_found", `${ended}: "${tokenIdOf(reference) ?? reference}"; see fourwire token list`);
  }

  #valid(): readonly AccessTokenRow[] {
    return [...this.#rows.values()].filter((row) => this.#isValid(row));
  }

  #isValid(row: AccessTokenRow): boolean {
    return row.revokedTime === null && (row.expiresTime === null || row.expiresTime > this.#now());
  }
}
