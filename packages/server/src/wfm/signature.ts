import { createHmac } from "node:crypto";

export const TIMESTAMP_HEADER = "x-fourwire-timestamp";
export const SIGNATURE_HEADER = "x-fourwire-signature";

/** `v1=` and the hexadecimal HMAC-SHA256 of `<timestamp>.<body>`; the timestamp is Unix seconds in decimal digits. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}
