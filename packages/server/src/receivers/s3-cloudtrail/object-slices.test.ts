import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { trailFile, trailRecord } from "../../../test/trail-files.ts";
import type { ReceivedMessage } from "../receiver.ts";
import { readWhole, sliceObject } from "./object-slices.ts";

async function slice(bytes: Buffer, sizeBytes: number | undefined = bytes.length): Promise<readonly ReceivedMessage[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, index) =>
    bytes.subarray(index * 1000, index * 1000 + 1000),
  );
  const found: ReceivedMessage[] = [];
  const body = { stream: Readable.from(chunks), sizeBytes, origin: "s3://trail/a.json.gz" };
  for await (const messages of sliceObject(body)) found.push(...messages);
  return found;
}

function recordsOf(messages: readonly ReceivedMessage[]): readonly string[] {
  return messages
    .filter((message) => message.fault === undefined)
    .flatMap((message) => {
      const { Records } = JSON.parse(Buffer.from(message.bytes).toString()) as { Records: { eventID: string }[] };
      return Records.map((record) => record.eventID);
    });
}

const padding = "x".repeat(2000);
const ids = Array.from({ length: 6000 }, (_, index) => `event-${index}`);

describe("a large object", () => {
  test("comes in slices of some megabytes that hold each record once, in order", async () => {
    const messages = await slice(trailFile(ids.map((id) => ({ ...trailRecord(id, 0), padding }))));
    expect(messages.length).toBeGreaterThan(2);
    expect(Math.max(...messages.map((message) => message.bytes.length))).toBeLessThan(8 * 1024 * 1024);
    expect(recordsOf(messages)).toEqual(ids);
  });

  test("keeps the text of its records to the byte", async () => {
    const text = '{ "eventID" : "a",\n "n": 1.0, "u":"\\u00e9" }';
    const messages = await slice(gzipSync(`{"Records": [\n${text} ]}`));
    expect(Buffer.from(messages[0]?.bytes ?? []).toString()).toBe(`{"Records":[${text}]}`);
  });

  test("that is damaged gives what is good, and its first bytes as a fault", async () => {
    const bytes = trailFile(ids.map((id, index) => ({ ...trailRecord(id, index), noise: Math.sin(index) })));
    const damaged = Buffer.from(bytes);
    damaged.fill(0, Math.floor(bytes.length * 0.8));
    const messages = await slice(damaged);
    expect(recordsOf(messages).length).toBeGreaterThan(100);
    expect(messages.at(-1)?.fault?.reason).toBe("corrupt_gzip");
    expect(Buffer.from(messages.at(-1)?.bytes ?? [])).toEqual(damaged.subarray(0, 1024 * 1024));
  });

  test("that is not JSON is a fault", async () => {
    expect(await slice(Buffer.from("<Error>AccessDenied</Error>"))).toMatchObject([
      { fault: { reason: "invalid_json" } },
    ]);
  });

  test("that was cut off on its way is no fault but to be fetched again", async () => {
    const bytes = trailFile(ids.slice(0, 500).map((id) => trailRecord(id, 0)));
    const cut = bytes.subarray(0, bytes.length - 20);
    await expect(slice(cut, bytes.length)).rejects.toThrow("was cut off");
    const stream = Readable.from([cut]);
    await expect(readWhole({ stream, sizeBytes: bytes.length, origin: "s3://trail/a" })).rejects.toThrow("was cut off");
  });
});
