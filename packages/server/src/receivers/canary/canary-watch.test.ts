import { expect, test } from "vitest";
import { canaryUserAgent, readCanary, readCanaryUserAgent, writeCanary, type CanaryNote } from "./canary-note.ts";
import { CanaryWatch, type CanaryStatus } from "./canary-watch.ts";

const LOST_AFTER_MS = 60_000;

/** A watch over one receiver, with a clock that stands until it is moved. */
function start(): {
  readonly watch: CanaryWatch;
  readonly wait: (ms: number) => void;
  readonly status: () => CanaryStatus | undefined;
} {
  let now = 1_000_000;
  const watch = new CanaryWatch(() => now);
  watch.watch("agents", LOST_AFTER_MS);
  return {
    watch,
    wait: (ms) => {
      now += ms;
    },
    status: () => watch.status("agents"),
  };
}

function noteOf(id: string): CanaryNote {
  return { receiver: "agents", id };
}

test("a canary that comes back tells how long the way takes", () => {
  const { watch, wait, status } = start();
  watch.sent("agents", "a");
  wait(1500);
  watch.arrived(noteOf("a"));
  expect(status()).toEqual({
    sent: 1,
    arrived: 1,
    lost: 0,
    lastSentTime: 1_000_000,
    lastArrivedTime: 1_001_500,
    lastLatencyMs: 1500,
    sendError: null,
  });
});

test("one that does not come back is lost after a while, and found when it does", () => {
  const { watch, wait, status } = start();
  watch.sent("agents", "a");
  wait(LOST_AFTER_MS - 1);
  expect(status()?.lost).toBe(0);
  wait(1);
  expect(status()?.lost).toBe(1);
  wait(10);
  watch.arrived(noteOf("a"));
  expect(status()).toMatchObject({ arrived: 1, lost: 0, lastLatencyMs: LOST_AFTER_MS + 10 });
});

test("delivered twice it has come back once", () => {
  const { watch, status } = start();
  watch.sent("agents", "a");
  watch.arrived(noteOf("a"));
  watch.arrived(noteOf("a"));
  expect(status()?.arrived).toBe(1);
});

test("losing without end is counted without end and remembered within bounds", () => {
  const { watch, wait, status } = start();
  for (let index = 0; index < 2500; index++) watch.sent("agents", String(index));
  wait(LOST_AFTER_MS);
  expect(status()?.lost).toBe(2500);
  watch.arrived(noteOf("2499"));
  expect(status()).toMatchObject({ arrived: 1, lost: 2499 });
});

test("a receiver without canaries has none to tell of, and a stranger's canary changes nothing", () => {
  const { watch, status } = start();
  watch.arrived({ receiver: "other", id: "a" });
  watch.arrived(noteOf("never sent"));
  expect([watch.status("other"), status()?.arrived]).toEqual([undefined, 0]);
});

test("what is written is read back, from a document and from a user agent", () => {
  const note = { receiver: "agent-events", id: "0b9e7a4e-1f3c-4f57-8a0c-1f0d2b3c4d5e" };
  expect(readCanary(JSON.parse(writeCanary({ ...note, sentTime: 1_000_000 })))).toEqual(note);
  const agent = `aws-sdk-js/3.1 ua/2.1 os/linux ${canaryUserAgent(note).join("/")} m/E`;
  expect(readCanaryUserAgent(agent)).toEqual(note);
});

test("anything else is no canary", () => {
  expect([null, 1, {}, { fourwire_canary: 1 }, { fourwire_canary: { receiver: "a" } }].map(readCanary)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
  expect(readCanaryUserAgent("fourwire-canary/agents")).toBeUndefined();
});
