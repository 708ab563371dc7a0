import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { assert, asyncProperty, nat, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { inflateZstd, isZstd, ZstdFault } from "./zstd.ts";

interface Fixtures {
  readonly lines: string;
  readonly streamed: string;
  readonly sized: string;
  readonly strongest: string;
  readonly twoFrames: string;
  readonly many: { readonly sha256: string; readonly sizeBytes: number; readonly bytes: string };
  readonly zeros200MiB: string;
  readonly window128MiB: string;
}

const fixtures = JSON.parse(readFileSync(new URL("fixtures/zstd.json", import.meta.url), "utf8")) as Fixtures;

const bytesOf = (base64: string): Buffer => Buffer.from(base64, "base64");

async function inflated(bytes: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await inflateZstd(bytes, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

describe("what the zstd command makes", () => {
  test.each(["streamed", "sized", "strongest", "twoFrames"] as const)("is read: %s", async (name) => {
    const bytes = bytesOf(fixtures[name]);
    expect(isZstd(bytes)).toBe(true);
    expect((await inflated(bytes)).toString()).toBe(fixtures.lines);
  });

  test("is read with a skippable frame between two others", async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const one = bytesOf(fixtures.streamed);
    expect((await inflated(Buffer.concat([one, skippable, one]))).toString()).toBe(fixtures.lines.repeat(2));
  });

  test("is read over many blocks", async () => {
    const plain = await inflated(bytesOf(fixtures.many.bytes));
    expect(plain.length).toBe(fixtures.many.sizeBytes);
    expect(createHash("sha256").update(plain).digest("hex")).toBe(fixtures.many.sha256);
  });
});

describe("what cannot be read", () => {
  test("is told before a window larger than the limit is allocated", async () => {
    await expect(inflated(bytesOf(fixtures.window128MiB))).rejects.toThrow(/window of 134217728 bytes/);
  });

  test("a dictionary is told", async () => {
    const bytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 1, 0x09, 0, 0, 0x61]);
    await expect(inflated(bytes)).rejects.toThrow(/dictionary/);
  });

  test("ends at every length where a frame is cut off", async () => {
    const whole = bytesOf(fixtures.strongest);
    for (let length = 0; length < whole.length - 4; length++)
      await expect(inflated(whole.subarray(0, length)), `cut at ${length}`).rejects.toBeInstanceOf(ZstdFault);
  });

  test("never ends in anything but a fault, whatever the bytes", async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 200 }), nat(), async (noise, at) => {
        const bytes = bytesOf(fixtures.many.bytes).subarray(0, 3000);
        const damaged = Buffer.concat([bytes.subarray(0, at % bytes.length), noise, bytes.subarray(at % bytes.length)]);
        for (const input of [damaged, Buffer.concat([bytes.subarray(0, 4), noise])]) {
          const error: unknown = await inflated(input).catch((cause: unknown) => cause);
          expect(error instanceof ZstdFault || Buffer.isBuffer(error)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("is not inflated beyond what the taker takes", async () => {
    let taken = 0;
    const tooMuch = new Error("too much");
    await expect(
      inflateZstd(bytesOf(fixtures.zeros200MiB), (chunk) => {
        taken += chunk.length;
        if (taken > 1_000_000) throw tooMuch;
      }),
    ).rejects.toBe(tooMuch);
    expect(taken).toBeLessThan(1_200_000);
  });
});
