import { expect, test } from "vitest";
import { ReceiverMeter } from "./receiver-meter.ts";

function create() {
  const clock = { now: 1_000_000 };
  const meter = new ReceiverMeter({ name: "agents", type: "kinesis", behindMs: 60_000, now: () => clock.now });
  return { meter, clock, state: () => meter.status().state };
}

const stored = { appended: 3, duplicate: 2, rejected: 1, dropped: { control_message: 1 } };

test("a receiver is starting, waiting, receiving, and waiting again after five minutes of nothing", () => {
  const { meter, clock, state } = create();
  expect(state()).toBe("starting");
  meter.succeeded(0);
  expect(state()).toBe("waiting");
  meter.stored(stored);
  expect(state()).toBe("receiving");
  clock.now += 300_000;
  expect(state()).toBe("waiting");
});

test("it is behind above its own threshold", () => {
  const { meter, state } = create();
  meter.succeeded(60_001);
  expect(state()).toBe("behind");
  meter.lag(60_000);
  expect(state()).toBe("waiting");
});

test("trouble is told until an attempt succeeds", () => {
  const { meter, state } = create();
  meter.failed("no answer");
  expect(meter.status()).toMatchObject({ state: "failing", detail: "no answer" });
  meter.denied("not allowed");
  expect(meter.status()).toMatchObject({ state: "denied", detail: "not allowed" });
  meter.succeeded(null);
  expect(meter.status()).toMatchObject({ state: "waiting", detail: null });
  meter.stopped();
  expect(state()).toBe("stopped");
});

test("counts add up, and what was dropped is counted by reason", () => {
  const { meter } = create();
  meter.stored(stored);
  meter.stored(stored);
  meter.stored({ appended: 0, duplicate: 0, rejected: 0, dropped: {} });
  meter.dropped("empty_record", 2);
  expect(meter.status()).toMatchObject({
    appended: 6,
    duplicate: 4,
    rejected: 2,
    dropped: { control_message: 2, empty_record: 2 },
    lastRecordTime: 1_000_000,
  });
});

test("the newest hundred gaps are kept", () => {
  const { meter } = create();
  for (let from = 0; from < 101; from++) meter.gap({ from, to: from + 1, reason: "expired" });
  expect(meter.status().gaps.length).toBe(100);
  expect(meter.status().gaps[0]?.from).toBe(1);
});
