import type { Contact } from "../contact.ts";
import type { World } from "../world.ts";

/** The tags that Connect itself puts on a contact; only what comes by telephone has an endpoint of the system. */
export function systemTags({ instance, place }: World, { channel }: Contact): Readonly<Record<string, string>> {
  const tags = { "aws:connect:instanceId": instance.id };
  return channel === "VOICE" ? { ...tags, "aws:connect:systemEndpoint": place.systemNumber } : tags;
}
