import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decodeBody, type InflateLimits } from "./content-coding.ts";

const zstdFixtures = JSON.parse(
  readFileSync(new URL("../receive/fixtures/zstd.json", import.meta.url), "utf8"),
) as Record<"lines" | "streamed" | "zeros200MiB" | "window128MiB", string>;

const MEBIBYTE = 1024 * 1024;
const PLAIN = '{"a":1}\n'.repeat(5000);

function limits(more: Partial<InflateLimits> = {}): InflateLimits {
  return { maxBytes: 128 * MEBIBYTE, maxRatio: 400, hold: () => undefined, ...more };
}

async function decode(body: Buffer, header?: string, more: Partial<InflateLimits> = {}): Promise<string> {
  return Buffer.concat(await decodeBody(body, header, limits(more))).toString();
}

describe("a body", () => {
  test.each<[string | undefined, (plain: string) => Buffer]>([
    [undefined, asIs],
    ["", asIs],
    ["identity", asIs],
    ["gzip", gzipSync],
    ["GZip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    // some clients send the bare format under the same name
    ["deflate", deflateRawSync],
    ["gzip, gzip", (plain) => gzipSync(gzipSync(plain))],
    ["deflate , identity, gzip", (plain) => gzipSync(deflateSync(plain))],
    // the codings stand in the order in which they were applied
    ["gzip,deflate", (plain) => deflateSync(gzipSync(plain))],
    // several members after one another are one gzip stream
    ["gzip", (plain) => Buffer.concat([gzipSync(plain.slice(0, 100)), gzipSync(plain.slice(100))])],
    // a file posted as it is: the content says it
    [undefined, gzipSync],
    ["gzip", (plain) => gzipSync(gzipSync(plain))],
  ])("with content-encoding %j is taken", async (header, pack) => {
    for (const plain of [PLAIN, "", "x", PLAIN.repeat(200)]) expect(await decode(pack(plain), header)).toBe(plain);
  });

  test("of zstd is taken, announced or not, and inside gzip", async () => {
    const bytes = Buffer.from(zstdFixtures.streamed, "base64");
    expect(await decode(bytes, "zstd")).toBe(zstdFixtures.lines);
    expect(await decode(bytes)).toBe(zstdFixtures.lines);
    expect(await decode(gzipSync(bytes), "zstd, gzip")).toBe(zstdFixtures.lines);
  });

  test.each<[string, Buffer, string, string]>([
    ["brotli", Buffer.from("x"), "br", "encoding_unsupported"],
    ["a list with one that is not known", gzipSync("x"), "gzip, br", "encoding_unsupported"],
    ["four layers", gzipSync("x"), "gzip, gzip, gzip, gzip", "body_too_large"],
    ["four layers that are not announced", gzipSync(gzipSync(gzipSync(gzipSync("x")))), "", "body_too_large"],
    ["gzip that is none", Buffer.from("plain text"), "gzip", "parameter_invalid"],
    ["gzip that is cut off", gzipSync(PLAIN).subarray(0, 60), "gzip", "parameter_invalid"],
    ["large gzip that is cut off", gzipSync(noise(200_000)).subarray(0, 100_000), "gzip", "parameter_invalid"],
    ["gzip with a wrong checksum", damaged(gzipSync(PLAIN), -8), "gzip", "parameter_invalid"],
    ["deflate that is none", Buffer.from("plain text"), "deflate", "parameter_invalid"],
    ["zstd that is none", Buffer.from("plain text"), "zstd", "parameter_invalid"],
    ["zstd with a huge window", Buffer.from(zstdFixtures.window128MiB, "base64"), "zstd", "parameter_invalid"],
    ["a list announced twice for one layer", gzipSync("plain text"), "gzip, gzip", "parameter_invalid"],
  ])("of %s is refused", async (_, body, header, code) => {
    await expect(decode(body, header)).rejects.toMatchObject({ code });
  });
});

describe("a bomb", () => {
  const zeros = gzipSync(Buffer.alloc(200 * MEBIBYTE));

  test.each<[string, Buffer]>([
    ["gzip", zeros],
    ["deflate", deflateSync(Buffer.alloc(200 * MEBIBYTE))],
    ["zstd", Buffer.from(zstdFixtures.zeros200MiB, "base64")],
    ["gzip, gzip", gzipSync(zeros)],
  ])("of %s is refused at the limit, not after it", async (header, body) => {
    let held = 0;
    await expect(decode(body, header, { hold: (bytes) => (held += bytes) })).rejects.toMatchObject({
      code: "body_too_large",
    });
    expect(held).toBeLessThanOrEqual(129 * MEBIBYTE);
  });

  test("is refused by its ratio before it reaches the size", async () => {
    let held = 0;
    const body = gzipSync(Buffer.alloc(60 * MEBIBYTE));
    await expect(decode(body, "gzip", { maxRatio: 600, hold: (bytes) => (held += bytes) })).rejects.toMatchObject({
      code: "body_too_large",
    });
    expect(held).toBeLessThan(600 * body.length + MEBIBYTE);
  });

  test("of a few lines repeated is a body: small ones may compress as much as they like", async () => {
    expect((await decode(gzipSync(PLAIN.repeat(500)), "gzip")).length).toBe(PLAIN.length * 500);
  });

  test("ends when there is no room, with the reason of whoever keeps it", async () => {
    const noRoom = new Error("no room");
    await expect(
      decode(zeros, "gzip", {
        hold: () => {
          throw noRoom;
        },
      }),
    ).rejects.toBe(noRoom);
  });
});

function asIs(plain: string): Buffer {
  return Buffer.from(plain);
}

/** Bytes that do not compress, the same at every run. */
function noise(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256").update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function damaged(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(0x12345678, copy.length + at);
  return copy;
}
