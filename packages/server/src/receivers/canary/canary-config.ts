import { z } from "zod";
import { durationSchema } from "../duration.ts";

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** `canary` of a receiver's entry: off when it is left out. */
export const canarySchema = z
  .strictObject({
    every: durationSchema({ minMs: 10 * SECOND_MS, maxMs: DAY_MS })
      .prefault("1m")
      .describe("how often one is sent"),
    lost_after: durationSchema({ minMs: 10 * SECOND_MS, maxMs: 7 * DAY_MS })
      .prefault("30m")
      .describe("one that is not back by then counts as lost; CloudTrail delivers within 5 to 15 minutes"),
  })
  .optional()
  .describe("a record of our own, sent where the records come from, proves that the way is open; never stored");
