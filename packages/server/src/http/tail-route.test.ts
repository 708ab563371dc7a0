import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordBatch } from "@fourwire/core";
import { observedNow, Pipeline } from "../pipeline.ts";
import { DocumentSplitter } from "../receive/document-splitter.ts";
import { ccpLine, TemporaryServer, toLines } from "../../test/temporary-server.ts";

let server: TemporaryServer;
let port = 0;

beforeEach(async () => {
  server = await TemporaryServer.create();
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  port = (server.app.server.address() as AddressInfo).port;
});

afterEach(() => server.remove());

async function follow(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write("GET /v1/live/tail HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(socket, "data");
  return socket;
}

/** The batches that lines become. */
function decoded(lines: readonly unknown[]): readonly RecordBatch[] {
  const pipeline = new Pipeline({ origin: "test", observedTime: observedNow() });
  const splitter = new DocumentSplitter((piece) => pipeline.accept(piece));
  splitter.push(Buffer.from(toLines(lines)));
  splitter.end();
  return pipeline.takeAll().batches;
}

/** Turns of the event loop until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe("a live reader that takes nothing", () => {
  test("loses records that are counted, is cut off after half a minute, and slows nobody", async () => {
    const slow = await follow();
    slow.pause();
    const { tail } = server.context;
    const batches = decoded(Array.from({ length: 390 }, (_, index) => ccpLine(`${"x".repeat(4000)} ${index}`, index)));
    let wake: () => void = () => undefined;
    const stop = tail.follow([], () => wake());
    // one batch a beat, so that nothing is dropped for being too much at once
    const nextBeat = (): Promise<void> => {
      tail.publish(batches, new Set());
      return new Promise((resolve) => (wake = resolve));
    };
    while (tail.droppedCount === 0) await nextBeat();
    expect(tail.slowReadersClosed).toBe(0);
    const realNow = Date.now();
    const clock = vi.spyOn(Date, "now").mockImplementation(() => realNow + 31_000);
    while (tail.slowReadersClosed === 0) await nextBeat();
    clock.mockRestore();
    stop();
    await until(() => server.context.tail.readerCount === 0);
    expect((await server.get("/v1/receivers")).body).toMatchObject({ live_readers: 0, slow_readers_closed: 1 });
    slow.destroy();
  });

  test("or one that takes everything is sent away when the server stops, and the server does not wait for it", async () => {
    const reader = await follow();
    const ended = once(reader, "end");
    reader.resume();
    server.context.tail.close();
    await expect(ended).resolves.toEqual([]);
    reader.destroy();
  });
});
