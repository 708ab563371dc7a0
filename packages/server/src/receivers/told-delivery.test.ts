import { expect, test } from "vitest";
import { PartStates } from "./part-states.ts";
import { ReceiverMeter } from "./receiver-meter.ts";
import type { ReceiverContext } from "./receiver.ts";
import { ToldDelivery } from "./told-delivery.ts";

test("a store that does not take records is told, and forgotten once it does; another part's trouble stays", async () => {
  const meter = new ReceiverMeter({ name: "q", type: "sqs", behindMs: 1000, now: () => 5 });
  const states = new PartStates(meter);
  const seen: unknown[] = [];
  const deliver: ReceiverContext["deliver"] = (_messages, _signal, onRefused) => {
    onRefused?.("no space left on device");
    seen.push({ ...meter.status() });
    return Promise.resolve({ appended: 2, duplicate: 1, rejected: 0, dropped: { control_message: 3 } });
  };
  const context = { deliver } as ReceiverContext;
  const delivery = new ToldDelivery({ context, meter, states });
  states.succeeded("poller 1", 0);
  await delivery.store([], new AbortController().signal);
  expect(seen).toMatchObject([{ state: "failing", detail: expect.stringContaining("no space left on device") }]);
  expect(meter.status()).toMatchObject({
    state: "receiving",
    detail: null,
    appended: 2,
    duplicate: 1,
    dropped: { control_message: 3 },
  });
  states.failed("poller 2", "denied", "not allowed");
  await delivery.store([], new AbortController().signal);
  expect(meter.status()).toMatchObject({ state: "denied", detail: "not allowed" });
});
