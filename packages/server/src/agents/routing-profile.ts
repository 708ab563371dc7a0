import { arrayAt, isObject, objectAt, textAt, type BoardRoutingProfile, type JsonValue } from "@fourwire/core";

/**
 * The queues of a routing profile, from an agent event as received: the snapshot lists them, the columns do not, because
 * they are the same in every event of thousands of agents. Undefined where the body has none.
 */
export function queuesOf(profileId: string, body: string): BoardRoutingProfile | undefined {
  const event = parse(body);
  if (!isObject(event)) return undefined;
  const profile = objectAt(objectAt(objectAt(event, "CurrentAgentSnapshot"), "Configuration"), "RoutingProfile");
  if (profile === undefined) return undefined;
  return {
    routing_profile_id: profileId,
    routing_profile_name: textAt(profile, "Name") ?? null,
    queues: arrayAt(profile, "InboundQueues")
      .filter(isObject)
      .flatMap((queue) => {
        const arn = textAt(queue, "ARN");
        return arn === undefined
          ? []
          : [{ queue_id: arn.slice(arn.indexOf("/queue/") + 7), queue_name: textAt(queue, "Name") ?? null }];
      }),
  };
}

/** Values of JSON are JSON values; the compiler cannot know. A redacted body may be none any more. */
function parse(body: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(body);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
