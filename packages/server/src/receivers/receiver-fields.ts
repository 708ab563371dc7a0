import { z } from "zod";
import { canarySchema } from "./canary/canary-config.ts";

/** What every receiver's entry in fourwire.yaml has. */
export const RECEIVER_FIELDS = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "1 to 64 letters, digits, dots, dashes and underscores")
    .describe("unique; the position is kept under it, so another name begins again"),
  canary: canarySchema,
} as const;
