import { expect, test } from "vitest";
import { Slots } from "./slots.ts";

test("so many run at once, the others in the order they came", async () => {
  const slots = new Slots(2);
  const order: string[] = [];
  let running = 0;
  let most = 0;
  const work = (name: string) =>
    slots.use(async () => {
      order.push(name);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return name;
    });
  expect(await Promise.all(["a", "b", "c", "d", "e"].map(work))).toEqual(["a", "b", "c", "d", "e"]);
  expect(order).toEqual(["a", "b", "c", "d", "e"]);
  expect(most).toBe(2);
});

test("a work that fails gives its slot back", async () => {
  const slots = new Slots(1);
  await expect(slots.use(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await slots.use(() => Promise.resolve("next"))).toBe("next");
});
