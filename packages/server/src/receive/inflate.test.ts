import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate, deflateRawSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InflateFault, isGzip, readInflated } from "./inflate.ts";
import { INFLATE_RATIO_FREE_BYTES, MAX_GZIP_LAYERS, MAX_INFLATE_RATIO } from "./limits.ts";

const deflateAsync = promisify(deflate);

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fourwire-inflate-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Inflated {
  readonly text: string;
  readonly fault: InflateFault | undefined;
  readonly bytesRead: number;
}

/** Reads the bytes as a file; `betweenChunks` is what a slow reader does meanwhile. */
async function inflate(bytes: Uint8Array, betweenChunks?: () => Promise<void>): Promise<Inflated> {
  const path = join(folder, `${createHash("sha256").update(bytes).digest("hex")}.bin`);
  writeFileSync(path, bytes);
  const progress = { bytesRead: 0 };
  const chunks: Buffer[] = [];
  let fault: InflateFault | undefined;
  try {
    for await (const chunk of readInflated(path, progress)) {
      chunks.push(chunk);
      await betweenChunks?.();
    }
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    fault = error;
  }
  return { text: Buffer.concat(chunks).toString(), fault, bytesRead: progress.bytesRead };
}

/** Lines that do not compress well, so that a file has many blocks. */
function noisyLines(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `{"n":${index},"hash":"${createHash("sha256").update(String(index)).digest("hex")}"}\n`,
  ).join("");
}

/** Long enough for the inflater to come to the end of what it has: many rounds through the thread pool it works on. */
async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await deflateAsync(Buffer.alloc(100_000));
}

describe("whole files", () => {
  test("plain bytes pass as they are", async () => {
    expect(await inflate(Buffer.from("plain"))).toEqual({ text: "plain", fault: undefined, bytesRead: 5 });
  });

  test.each([[0], [1]])("a file of %i bytes is no gzip", async (length) => {
    expect(await inflate(Buffer.alloc(length, 0x1f))).toMatchObject({
      text: "\u001f".repeat(length),
      fault: undefined,
    });
    expect(isGzip(Buffer.alloc(length, 0x1f))).toBe(false);
  });

  test("gzip is told by its content and taken off", async () => {
    expect(await inflate(gzipSync("inside"))).toMatchObject({ text: "inside", fault: undefined });
  });

  test("several members after one another are one text", async () => {
    const members = ["one\n", "two\n", "", "three\n"].map((text) => gzipSync(text));
    expect(await inflate(Buffer.concat(members))).toMatchObject({ text: "one\ntwo\nthree\n", fault: undefined });
  });

  test("zeros behind the last member are padding", async () => {
    expect(await inflate(Buffer.concat([gzipSync("padded"), Buffer.alloc(100)]))).toMatchObject({
      text: "padded",
      fault: undefined,
    });
  });

  test(`gzip in gzip is taken off, up to ${MAX_GZIP_LAYERS} layers`, async () => {
    let bytes: Buffer = Buffer.from("deep inside");
    for (let layer = 1; layer <= MAX_GZIP_LAYERS; layer++) {
      bytes = gzipSync(bytes);
      expect(await inflate(bytes)).toMatchObject({ text: "deep inside", fault: undefined });
    }
    const { text, fault } = await inflate(gzipSync(bytes));
    expect([text, fault?.reason, fault?.message]).toEqual([
      "",
      "inflate_limit",
      `more than ${MAX_GZIP_LAYERS} layers of gzip`,
    ]);
  });

  test("every byte of a large file comes through, however slow its reader", async () => {
    const lines = noisyLines(60_000);
    expect((await inflate(gzipSync(lines), manyTurns)).text === lines).toBe(true);
  });
});

describe("damaged files", () => {
  const lines = noisyLines(30_000);
  const packed = gzipSync(lines);

  test.each([
    ["a quick reader", undefined],
    ["a slow reader", manyTurns],
  ])("a file cut off at its very end loses nothing but its checksum, to %s", async (_, betweenChunks) => {
    const { text, fault } = await inflate(packed.subarray(0, -5), betweenChunks);
    expect(fault?.reason).toBe("corrupt_gzip");
    expect(text === lines).toBe(true);
  });

  test("a slow reader of a file cut off just after a block that was read loses nothing of the last few bytes", async () => {
    const cut = 1024 * 1024 + 5000;
    const quick = await inflate(packed.subarray(0, cut));
    const slow = await inflate(packed.subarray(0, cut), manyTurns);
    expect(packed.length).toBeGreaterThan(cut);
    expect([slow.text.length, slow.fault?.reason]).toEqual([quick.text.length, "corrupt_gzip"]);
    expect(slow.text.length).toBeGreaterThan((lines.length * cut * 0.97) / packed.length);
  });

  test.each([[0.25], [0.5], [0.9]])("a file cut off at %f gives what stood before the cut", async (part) => {
    const { text, fault } = await inflate(packed.subarray(0, Math.floor(packed.length * part)), manyTurns);
    expect(fault?.reason).toBe("corrupt_gzip");
    expect(lines.startsWith(text)).toBe(true);
    expect(text.length).toBeGreaterThan(lines.length * part * 0.95);
  });

  test("a member that is cut off does not cost the members before it", async () => {
    const { text, fault } = await inflate(Buffer.concat([gzipSync("first\n"), packed.subarray(0, packed.length / 2)]));
    expect(fault?.reason).toBe("corrupt_gzip");
    expect(text.startsWith("first\n")).toBe(true);
  });

  test("damage in the middle of a large file does not cost what stands well before it", async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, Math.floor(packed.length * 0.8), Math.floor(packed.length * 0.8) + 64);
    const { text, fault } = await inflate(damaged, manyTurns);
    expect(fault?.reason).toBe("corrupt_gzip");
    expect(fault?.message).toMatch(/^gzip data is damaged or cut off: /);
    // some bytes before the damage may be decoded wrongly or not at all, never those of another block
    expect(text.length).toBeGreaterThan(lines.length * 0.5);
  });

  test("what is no gzip behind the last member is told, not ignored", async () => {
    const { fault } = await inflate(Buffer.concat([gzipSync("good"), Buffer.from("and then something else")]));
    expect(fault?.reason).toBe("corrupt_gzip");
  });

  test("gzip's signature and nothing behind it is damaged", async () => {
    expect((await inflate(Buffer.from([0x1f, 0x8b]))).fault?.reason).toBe("corrupt_gzip");
    expect((await inflate(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.from("not really")]))).fault?.reason).toBe(
      "corrupt_gzip",
    );
  });

  test("a damaged layer inside a whole one is damaged", async () => {
    const { fault } = await inflate(gzipSync(gzipSync("inside").subarray(0, 12)));
    expect(fault?.reason).toBe("corrupt_gzip");
  });
});

/** A gzip member that inflates to `megabytes` of zeros, made of one deflated megabyte repeated. */
function bombOf(megabytes: number): Buffer {
  // without a final block; ends on a byte, so that copies may follow one another
  const block = deflateRawSync(Buffer.alloc(1024 * 1024), { finishFlush: 2, level: 9 });
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    ...Array.from({ length: megabytes }, () => block),
  ]);
}

describe("bombs", () => {
  test("a file that inflates beyond reason is stopped, with the limit named", async () => {
    const path = join(folder, "bomb.gz");
    writeFileSync(path, bombOf(400));
    let inflated = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of readInflated(path, { bytesRead: 0 })) inflated += chunk.length;
    };
    await expect(read()).rejects.toMatchObject({
      reason: "inflate_limit",
      message: `inflates to more than ${MAX_INFLATE_RATIO} times its size, which no log does`,
    });
    expect(inflated).toBeLessThanOrEqual(INFLATE_RATIO_FREE_BYTES + 2 * 1024 * 1024);
  });
});
