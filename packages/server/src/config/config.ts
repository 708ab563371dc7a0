import { z } from "zod";
import { agentsSchema } from "./agents-config.ts";
import { receiverSchema } from "./receiver-config.ts";
import { limitsSchema, serverSchema } from "./server-config.ts";
import { wfmSchema } from "./wfm-config.ts";

/** Receivers one process runs; each costs a connection or two and its own buffers. */
const MAX_RECEIVERS = 64;

/** zod's name for an issue of our own; not one of our error codes. */
const CUSTOM = "custom";

/** Everything that fourwire.yaml may say. Each key is described in docs/configure.md. */
export const configSchema = z
  .strictObject({
    data: z.string().min(1).optional().describe("data directory; --data and FOURWIRE_DATA come before it"),
    server: serverSchema.prefault({}).describe("where the page and the API are served"),
    limits: limitsSchema.prefault({}).describe("what one request, one token and all of them together may use"),
    agents: agentsSchema.prefault({}).describe("thresholds of the agent board, and which definitions of metrics count"),
    wfm: wfmSchema.prefault({}).describe("what workforce management tools are sent"),
    receivers: z
      .array(receiverSchema)
      .max(MAX_RECEIVERS)
      .default([])
      .describe("where records are fetched from; what is posted needs no entry"),
  })
  .check((context) => {
    const names = context.value.receivers.map((receiver: { readonly name: string }) => receiver.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      context.issues.push({
        code: CUSTOM,
        input: name,
        path: ["receivers", index, "name"],
        message: `another receiver is named "${name}"; positions are kept by name, so names are unique`,
      });
    }
  });

export type Config = z.output<typeof configSchema>;

/** The configuration of a server that was told nothing. */
export function defaultConfig(): Config {
  return configSchema.parse({});
}
