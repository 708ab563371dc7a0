import { instantText } from "../instant-text.ts";
import { wholeSecond, type Contact } from "../contact.ts";
import type { Stage } from "../stage.ts";
import { originOf } from "../region.ts";
import { systemTags } from "./system-tags.ts";

export type ContactEventType =
  | "INITIATED"
  | "CONNECTED_TO_SYSTEM"
  | "QUEUED"
  | "CONNECTED_TO_AGENT"
  | "PAUSED"
  | "RESUMED"
  | "DISCONNECTED"
  | "COMPLETED";

/**
 * One contact event in its EventBridge envelope. The envelope's `time` has seconds only, as in real ones.
 * https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html (read 2026-11-20)
 */
export function writeContactEvent(stage: Stage, contact: Contact, eventType: ContactEventType): string {
  const { instance, place } = stage.world;
  const { accountId, region } = originOf(stage);
  return JSON.stringify({
    version: "0",
    id: stage.random.uuid(),
    "detail-type": "Amazon Connect Contact Event",
    source: "aws.connect",
    account: accountId,
    time: instantText(wholeSecond(stage.clock.now)).replace(".000Z", "Z"),
    region,
    resources: [instance.arn, `${instance.arn}/contact/${contact.id}`],
    detail: {
      eventType,
      contactId: contact.id,
      initialContactId: contact.initialId,
      previousContactId: contact.previousId,
      relatedContactId: contact.relatedId,
      channel: contact.channel,
      instanceArn: instance.arn,
      initiationMethod: contact.initiationMethod,
      queueInfo: queueWire(contact),
      agentInfo: agentWire(contact, eventType),
      initiationTimestamp: instantText(contact.initiationTime),
      connectedToSystemTimestamp:
        contact.connectedToSystemTime === undefined ? undefined : instantText(contact.connectedToSystemTime),
      disconnectTimestamp: contact.disconnectTime === undefined ? undefined : instantText(contact.disconnectTime),
      disconnectReason: contact.disconnectReason,
      tags: systemTags(stage.world, contact),
      globalResiliencyMetadata: stage.conditions.isFailedOver
        ? {
            activeRegion: place.replicaRegion,
            originRegion: place.region,
            trafficDistributionGroupId: instance.id,
          }
        : undefined,
    },
  });
}

function queueWire(contact: Contact): object | undefined {
  if (contact.queue === undefined || contact.enqueueTime === undefined) return undefined;
  return {
    queueArn: contact.queue.arn,
    queueType: contact.queue.name === null ? "AGENT" : "STANDARD",
    enqueueTimestamp: instantText(contact.enqueueTime),
  };
}

function agentWire(contact: Contact, eventType: ContactEventType): object | undefined {
  if (contact.agent === undefined) return undefined;
  const { profile } = contact.agent;
  const hierarchyGroups = Object.fromEntries(
    profile.hierarchy.map((group, index) => [`level${index + 1}`, { arn: group.arn }]),
  );
  return {
    agentArn: profile.arn,
    connectedToAgentTimestamp: contact.connectedTime === undefined ? undefined : instantText(contact.connectedTime),
    activeRegion: contact.agent.region,
    agentInitiatedHoldDuration: Math.round(contact.heldMs / 1000),
    hierarchyGroups,
    ...(eventType === "COMPLETED" ? afterContactWorkWire(contact) : {}),
  };
}

function afterContactWorkWire({ legEndTime, afterContactWorkEndTime }: Contact): object {
  if (legEndTime === undefined || afterContactWorkEndTime === undefined) return {};
  return {
    afterContactWorkStartTimestamp: instantText(legEndTime),
    afterContactWorkEndTimestamp: instantText(afterContactWorkEndTime),
    afterContactWorkDuration: Math.round((afterContactWorkEndTime - legEndTime) / 1000),
  };
}
