import { z } from "zod";
import { secretReferenceSchema } from "../receivers/aws/secret-reference.ts";
import { durationSchema } from "../receivers/duration.ts";

/** Webhooks one server serves; each costs a connection and a batch in memory. */
const MAX_WEBHOOKS = 16;

/** zod's name for an issue of our own; not one of our error codes. */
const CUSTOM = "custom";

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const urlSchema = z.string().superRefine((text, context) => {
  const problem = problemOf(text);
  if (problem !== undefined) context.addIssue({ code: CUSTOM, message: problem });
});

/** Undefined for an address that may be posted to. */
function problemOf(text: string): string | undefined {
  if (!URL.canParse(text)) return "not an address; write it in full, such as https://wfm.example.com/fourwire";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return "only https and http addresses can be posted to";
  if (username !== "" || password !== "") return "no name and password in the address; deliveries are signed instead";
  return undefined;
}

const webhookSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w .-]{1,64}$/, "letters, digits, space, dot, dash; at most 64")
      .describe("tells it from the others in the status and the metrics"),
    url: urlSchema.describe("where batches of events are posted; redirects are not followed"),
    secret: secretReferenceSchema,
    events: z
      .array(z.enum(["snapshot", "change", "removal", "beat"]))
      .min(1)
      .default(["snapshot", "change", "removal", "beat"])
      .describe("kinds of events it is sent"),
    timeout: durationSchema({ minMs: 100, maxMs: 120_000 })
      .prefault("10s")
      .describe("an answer that takes longer counts as a failure, and the delivery is sent again"),
    max_batch: z.int().min(1).max(5000).default(500).describe("most events in one delivery"),
    allow_http: z
      .boolean()
      .default(false)
      .describe("post in clear text to another machine; names and statuses of agents can be read on the way"),
  })
  .check((context) => {
    const { url, allow_http: allowsHttp } = context.value;
    if (allowsHttp || !URL.canParse(url)) return;
    const { protocol, hostname } = new URL(url);
    if (protocol !== "http:" || LOOPBACK.test(hostname)) return;
    context.issues.push({
      code: CUSTOM,
      input: url,
      path: ["url"],
      message: "http sends agents' names in clear text to another machine; use https, or set allow_http: true",
    });
  });

/** `wfm`: what workforce management tools are sent. */
export const wfmSchema = z
  .strictObject({
    beat: durationSchema({ minMs: 1000, maxMs: 3_600_000 })
      .prefault("15s")
      .describe("the feed and the webhooks say this often that they are alive"),
    keep_events: z
      .int()
      .min(100)
      .max(200_000)
      .default(20_000)
      .describe("changes kept in memory, for readers that come back and webhooks that fail; beyond, a fresh snapshot"),
    webhooks: z.array(webhookSchema).max(MAX_WEBHOOKS).default([]).describe("addresses that changes are posted to"),
  })
  .check((context) => {
    const names = context.value.webhooks.map((webhook: { readonly name: string }) => webhook.name);
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) === index) continue;
      context.issues.push({
        code: CUSTOM,
        input: name,
        path: ["webhooks", index, "name"],
        message: `another webhook is named "${name}"`,
      });
    }
  });

export type WfmSettings = z.output<typeof wfmSchema>;
export type WebhookSettings = WfmSettings["webhooks"][number];
