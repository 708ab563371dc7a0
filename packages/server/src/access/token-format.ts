import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { AccessScope } from "@fourwire/store";

const ID_BYTES = 5;
const SECRET_BYTES = 32;

/** `fw_ingest_3f9a01c7de_` and 43 characters: scope and id can be seen, so that a leaked token can be found and revoked. */
const TOKEN = /^fw_(ingest|read|admin)_([0-9a-f]{10})_[A-Za-z0-9_-]{43}$/;

export interface NewToken {
  readonly tokenId: string;
  /** Shown once, kept nowhere. */
  readonly token: string;
  readonly tokenHash: string;
}

export function generateToken(scope: AccessScope): NewToken {
  const tokenId = randomBytes(ID_BYTES).toString("hex");
  const token = `fw_${scope}_${tokenId}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  return { tokenId, token, tokenHash: hashToken(token) };
}

/** The id inside a token; undefined when the text is none. */
export function tokenIdOf(token: string): string | undefined {
  return TOKEN.exec(token)?.[2];
}

/**
 * SHA-256, and no slow password hash with salt: those make up for secrets that people choose and an attacker can
 * guess. 256 random bits cannot be guessed at any speed, and a token is checked with every request.
 */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}

/** Compares in a time that does not depend on where the texts differ. */
export function isSameText(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
