import { checkPrimeSync, createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** The usual public exponent. */
const EXPONENT = 65_537n;
const PRIME_CHUNKS = [0, 1, 2, 3];

export interface DigestKey {
  readonly privateKey: KeyObject;
  /** PKCS#1, as CloudTrail's ListPublicKeys gives it. */
  readonly publicKeyDer: Buffer;
  /** MD5 of the DER bytes, in hexadecimal: what a digest names the key by. */
  readonly fingerprint: string;
}

/**
 * The key that signs a simulation's digests: 2,048-bit RSA, its primes found from the seed, so that the same seed signs
 * the same. Anybody who knows the seed has the key; it proves nothing beyond a test.
 */
export function digestKeyOf(seed: number): DigestKey {
  const first = primeOf(`fourwire digest key ${seed} p`);
  const second = primeOf(`fourwire digest key ${seed} q`);
  const [p, q] = first > second ? [first, second] : [second, first];
  const d = inverse(EXPONENT, (p - 1n) * (q - 1n));
  const privateKey = createPrivateKey({
    format: "jwk",
    key: {
      kty: "RSA",
      n: encode(p * q),
      e: encode(EXPONENT),
      d: encode(d),
      p: encode(p),
      q: encode(q),
      dp: encode(d % (p - 1n)),
      dq: encode(d % (q - 1n)),
      qi: encode(inverse(q, p)),
    },
  });
  const publicKeyDer = createPublicKey(privateKey).export({ format: "der", type: "pkcs1" });
  return { privateKey, publicKeyDer, fingerprint: createHash("md5").update(publicKeyDer).digest("hex") };
}

/** The first prime of 1,024 bits in a series of hashes. About one candidate in 350 is prime. */
function primeOf(label: string): bigint {
  for (let attempt = 0; ; attempt += 1) {
    const bytes = Buffer.concat(
      PRIME_CHUNKS.map((chunk) => createHash("sha256").update(`${label} ${attempt} ${chunk}`).digest()),
    );
    // the two highest bits make the product 2,048 bits long
    bytes[0] = (bytes[0] ?? 0) | 0xc0;
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
    const candidate = BigInt(`0x${bytes.toString("hex")}`);
    if (candidate % EXPONENT !== 1n && checkPrimeSync(candidate)) return candidate;
  }
}

/** By the extended algorithm of Euclid; the numbers have no common divisor. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [value % modulus, modulus];
  let [previousFactor, factor] = [1n, 0n];
  while (current !== 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return ((previousFactor % modulus) + modulus) % modulus;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
}
