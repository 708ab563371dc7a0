// DuckDB's checksum (src/common/checksum.cpp): 5381 xor the product of each 8 bytes with a constant, modulo 2^64, xor a
// MurmurHash64A of what is left at the end. In halves of 32 bits, because BigInt takes 20 times as long.

const FACTOR = { low: 0x1ce4e5b9, high: 0xbf58476d } as const;
const MURMUR_FACTOR = 0xc6a4_a793_5bd1_e995n;
const MURMUR_SEED = 0xe17a_1465n;
const MASK = 0xffff_ffff_ffff_ffffn;

/** The checksum of an entry that comes in pieces. Every piece but the last has a multiple of 8 bytes. */
export class ChecksumStream {
  #low = 5381;
  #high = 0;

  add(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole = bytes.length - (bytes.length % 8);
    let { low, high } = this.value();
    for (let at = 0; at < whole; at += 8) {
      const left = view.getUint32(at, true);
      const right = view.getUint32(at + 4, true);
      low ^= Math.imul(left, FACTOR.low);
      high ^= highProduct(left) + Math.imul(left, FACTOR.high) + Math.imul(right, FACTOR.low);
    }
    if (whole < bytes.length) {
      const rest = murmurOf(bytes.subarray(whole));
      low ^= Number(rest & 0xffff_ffffn);
      high ^= Number(rest >> 32n);
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }

  matches(low: number, high: number): boolean {
    return this.#low === low && this.#high === high;
  }

  value(): { low: number; high: number } {
    return { low: this.#low, high: this.#high };
  }
}

/** The upper 32 bits of the 64-bit product of a number and the factor's lower half. */
function highProduct(number: number): number {
  const upper = number >>> 16;
  const lower = number & 0xffff;
  const factorUpper = FACTOR.low >>> 16;
  const factorLower = FACTOR.low & 0xffff;
  const middle = upper * factorLower + ((lower * factorLower) >>> 16);
  const carry = lower * factorUpper + (middle & 0xffff);
  return upper * factorUpper + Math.floor(middle / 65_536) + Math.floor(carry / 65_536);
}

/** Of fewer than eight bytes. */
function murmurOf(bytes: Uint8Array): bigint {
  let tail = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) tail = (tail << 8n) | BigInt(bytes[index] ?? 0);
  let hash = MURMUR_SEED ^ ((BigInt(bytes.length) * MURMUR_FACTOR) & MASK);
  hash = ((hash ^ tail) * MURMUR_FACTOR) & MASK;
  hash = ((hash ^ (hash >> 47n)) * MURMUR_FACTOR) & MASK;
  return hash ^ (hash >> 47n);
}
