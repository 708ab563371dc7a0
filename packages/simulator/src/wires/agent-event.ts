import type { UnixMillis } from "@fourwire/core";
import { instantText } from "../instant-text.ts";
import type { AgentSession } from "../agent-session.ts";
import type { Contact } from "../contact.ts";
import type { OfferTrouble } from "../conditions.ts";
import type { AfterContactWorkTruth } from "../truth.ts";
import type { AgentProfile, Channel, Resource, RoutingProfile } from "../world.ts";

export type AgentEventType = "STATE_CHANGE" | "HEART_BEAT" | "LOGIN" | "LOGOUT";

/** States of a contact in an agent's snapshot. https://docs.aws.amazon.com/connect/latest/adminguide/about-contact-states.html (read 2026-11-20) */
export type AgentContactState =
  | "INCOMING"
  | "CONNECTING"
  | "CONNECTED"
  | "CONNECTED_ONHOLD"
  | "PAUSED"
  | "MISSED"
  | "REJECTED"
  | "ERROR"
  | "ENDED";

/** A contact as its agent has it. */
export interface AgentContact {
  readonly contact: Contact;
  state: AgentContactState;
  stateStartTime: UnixMillis;
  connectedTime: UnixMillis | undefined;
  /** Set once it is clear that the agent did not take it. */
  trouble: OfferTrouble | undefined;
  /** What took it off the agent's list; read when it is gone. */
  closedBy: NonNullable<AfterContactWorkTruth["closed_by"]>;
  /** Called once it is off the agent's list. */
  readonly removed: () => void;
}

export interface AgentEventText {
  readonly accountId: string;
  readonly agent: AgentProfile;
  readonly instanceArn: string;
  readonly eventId: string;
  readonly time: UnixMillis;
  readonly type: AgentEventType;
  /** JSON text of the snapshots; "null" where Connect writes null. */
  readonly current: string;
  readonly previous: string;
}

/**
 * One agent event, keys in the alphabetical order of real ones. The snapshots come as JSON text: an event's current
 * snapshot is the next one's previous, and writing them once halves the cost.
 * https://docs.aws.amazon.com/connect/latest/adminguide/agent-event-stream-model.html (read 2026-11-20)
 */
export function writeAgentEvent(event: AgentEventText): string {
  return (
    `{"AWSAccountId":"${event.accountId}","AgentARN":"${event.agent.arn}","CurrentAgentSnapshot":${event.current},` +
    `"EventId":"${event.eventId}","EventTimestamp":"${instantText(event.time)}","EventType":"${event.type}",` +
    `"InstanceARN":"${event.instanceArn}","PreviousAgentSnapshot":${event.previous},"Version":"2017-10-01"}`
  );
}

export function writeSnapshot(agent: AgentSession): string {
  const status = {
    ARN: agent.status.arn,
    Name: agent.status.name,
    StartTimestamp: instantText(agent.statusStartTime),
    Type: agent.status.type,
  };
  const next =
    agent.next === undefined
      ? ""
      : `,"NextAgentStatus":${JSON.stringify({ ARN: agent.next.status.arn, EnqueuedTimestamp: instantText(agent.next.enqueuedTime), Name: agent.next.status.name })}`;
  const contacts = JSON.stringify(agent.contacts.map(contactWire));
  const regions =
    agent.region === undefined
      ? ""
      : `"AgentCrossRegionRoutingConfiguration":{"ConfiguredRegions":${JSON.stringify(agent.configuredRegions)},"CurrentRegion":"${agent.region}"},`;
  return `{${regions}"AgentStatus":${JSON.stringify(status)},"Configuration":${configurationText(agent)},"Contacts":${contacts}${next}}`;
}

function contactWire(held: AgentContact): object {
  const { contact } = held;
  return {
    Channel: contact.channel,
    ConnectedToAgentTimestamp: held.connectedTime === undefined ? null : instantText(held.connectedTime),
    ContactId: contact.id,
    GlobalResiliencyMetadata: contact.regions,
    InitialContactId: contact.initialId ?? null,
    InitiationMethod: contact.initiationMethod,
    Queue:
      contact.queue === undefined
        ? null
        : { ARN: contact.queue.arn, Channels: [contact.channel], Name: contact.queue.name },
    QueueTimestamp: contact.enqueueTime === undefined ? null : instantText(contact.enqueueTime),
    State: held.state,
    StateStartTimestamp: instantText(held.stateStartTime),
  };
}

/** Configuration is most of an event's bytes and repeats: written once per routing profile and count of free slots. */
const configurationTexts = new WeakMap<AgentProfile, Map<string, string>>();

function configurationText(agent: AgentSession): string {
  const { profile, routingProfile } = agent;
  let texts = configurationTexts.get(profile);
  if (texts === undefined) configurationTexts.set(profile, (texts = new Map()));
  const slots = routingProfile.concurrency.map(({ channel, maximum }) => ({
    AvailableSlots: freeSlots(agent, channel, maximum),
    Channel: channel,
    MaximumSlots: maximum,
  }));
  const key = routingProfile.id + slots.map(({ AvailableSlots }) => AvailableSlots).join(",") + agent.region;
  let text = texts.get(key);
  if (text === undefined) {
    text = JSON.stringify(configurationWire(profile, routingProfile, slots));
    texts.set(key, text);
  }
  return text;
}

/** An agent takes one channel at a time. */
export function freeSlots(agent: AgentSession, channel: Channel, maximum: number): number {
  if (agent.contacts.some(({ contact }) => contact.channel !== channel)) return 0;
  return Math.max(0, maximum - agent.contacts.length);
}

function configurationWire(
  profile: AgentProfile,
  routingProfile: RoutingProfile,
  concurrency: readonly object[],
): object {
  const [level1, level2] = profile.hierarchy;
  const channels = routingProfile.concurrency.map(({ channel }) => channel);
  const agentQueue = { ARN: profile.arn.replace("/agent/", "/queue/agent/"), Channels: channels, Name: null };
  const queueOf = (queue: Resource) => queueWire(queue, channels);
  return {
    AgentHierarchyGroups: {
      Level1: group(level1),
      Level2: group(level2),
      Level3: null,
      Level4: null,
      Level5: null,
    },
    FirstName: profile.firstName,
    LastName: profile.lastName,
    // the model's page calls the level ProficiencyLevel; events have Level
    Proficiencies: profile.proficiencies.map(({ level, name, value }) => ({ Level: level, Name: name, Value: value })),
    RoutingProfile: {
      ARN: routingProfile.arn,
      Concurrency: concurrency,
      DefaultOutboundQueue: queueWire(routingProfile.queues[0], channels),
      InboundQueues: [agentQueue, ...routingProfile.queues.map(queueOf)],
      Name: routingProfile.name,
    },
    Username: profile.username,
  };
}

function group(resource: Resource | undefined): object | null {
  return resource === undefined ? null : { ARN: resource.arn, Name: resource.name };
}

function queueWire(queue: Resource | undefined, channels: readonly Channel[]): object | null {
  return queue === undefined ? null : { ARN: queue.arn, Channels: channels, Name: queue.name };
}
