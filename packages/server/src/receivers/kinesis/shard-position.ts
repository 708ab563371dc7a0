import { z } from "zod";

/**
 * How far a shard was read. `seenTime` (Unix ms, our clock) says that everything that had arrived before it was read;
 * it moves on while a shard is idle, and tells later whether records can have expired unread.
 */
export type ShardPosition =
  | ShardStart
  | { readonly kind: "after"; readonly sequenceNumber: string; readonly seenTime: number }
  | { readonly kind: "ended" };

/** No record was read yet. */
export interface ShardStart {
  readonly kind: "start";
  readonly from: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  /** The service's time; of no meaning for TRIM_HORIZON. */
  readonly time: number;
  readonly seenTime: number | undefined;
}

/** The oldest record that is kept. */
export const FROM_OLDEST: ShardStart = { kind: "start", from: "TRIM_HORIZON", time: 0, seenTime: undefined };

const positionSchema = z.union([
  z.strictObject({ kind: z.literal("ended") }),
  z.strictObject({ kind: z.literal("after"), sequenceNumber: z.string(), seenTime: z.number() }),
  z.strictObject({
    kind: z.literal("start"),
    from: z.enum(["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]),
    time: z.number(),
    seenTime: z
      .number()
      .optional()
      .transform((time) => time),
  }),
]);

export function formatPosition(position: ShardPosition): string {
  return JSON.stringify(position);
}

/** A position that was saved. Throws on what this version did not write. */
export function parsePosition(text: string): ShardPosition {
  const position = positionSchema.parse(JSON.parse(text));
  return position.kind === "start" ? asTime({ ...position, seenTime: position.seenTime }) : position;
}

/** LATEST means the first time only: whoever begins there again would skip what came in between. */
export function asTime(position: ShardStart): ShardStart {
  return position.from === "LATEST" ? { ...position, from: "AT_TIMESTAMP" } : position;
}
