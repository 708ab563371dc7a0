import { z } from "zod";

/**
 * One entry of `receivers`. A receiver joins by its schema here, told apart by `type`, and its factory in
 * `../receivers/start-receivers.ts`; then `npm run generate` and an example in docs/configure.md.
 */
export const receiverSchema = z.never({ error: "there is no receiver of this type" });

export type ReceiverConfig = z.output<typeof receiverSchema>;
