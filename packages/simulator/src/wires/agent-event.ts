import { formatInstant, type UnixMillis } from "@fourwire/core";
import type { AgentSession } from "../agent-session.ts";
import type { Contact } from "../contact.ts";
import { ACCOUNT_ID, type AgentProfile, type Resource, type RoutingProfile } from "../world.ts";

export type AgentEventType = "STATE_CHANGE" | "HEART_BEAT" | "LOGIN" | "LOGOUT";

/** States of a contact in an agent's snapshot. https://docs.aws.amazon.com/connect/latest/adminguide/about-contact-states.html (read 2026-11-20) */
export type AgentContactState = "CONNECTING" | "CONNECTED" | "CONNECTED_ONHOLD" | "MISSED" | "ENDED";

/** A contact as its agent has it. */
export interface AgentContact {
  readonly contact: Contact;
  state: AgentContactState;
  stateStartTime: UnixMillis;
  connectedTime: UnixMillis | undefined;
}

export interface AgentEventText {
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
    `{"AWSAccountId":"${ACCOUNT_ID}","AgentARN":"${event.agent.arn}","CurrentAgentSnapshot":${event.current},` +
    `"EventId":"${event.eventId}","EventTimestamp":"${formatInstant(event.time)}","EventType":"${event.type}",` +
    `"InstanceARN":"${event.instanceArn}","PreviousAgentSnapshot":${event.previous},"Version":"2017-10-01"}`
  );
}

export function writeSnapshot(agent: AgentSession): string {
  const status = {
    ARN: agent.status.arn,
    Name: agent.status.name,
    StartTimestamp: formatInstant(agent.statusStartTime),
    Type: agent.status.type,
  };
  const next =
    agent.next === undefined
      ? ""
      : `,"NextAgentStatus":${JSON.stringify({ ARN: agent.next.status.arn, EnqueuedTimestamp: formatInstant(agent.next.enqueuedTime), Name: agent.next.status.name })}`;
  const contacts = JSON.stringify(agent.contacts.map(contactWire));
  return `{"AgentStatus":${JSON.stringify(status)},"Configuration":${configurationText(agent)},"Contacts":${contacts}${next}}`;
}

function contactWire(held: AgentContact): object {
  const { contact } = held;
  return {
    Channel: "VOICE",
    ConnectedToAgentTimestamp: held.connectedTime === undefined ? null : formatInstant(held.connectedTime),
    ContactId: contact.id,
    InitialContactId: contact.initialId ?? null,
    InitiationMethod: contact.initiationMethod,
    Queue:
      contact.queue === undefined ? null : { ARN: contact.queue.arn, Channels: ["VOICE"], Name: contact.queue.name },
    QueueTimestamp: contact.enqueueTime === undefined ? null : formatInstant(contact.enqueueTime),
    State: held.state,
    StateStartTimestamp: formatInstant(held.stateStartTime),
  };
}

interface ConfigurationTexts {
  readonly free: string;
  readonly busy: string;
}

/** Configuration is most of an event's bytes and changes only with the routing profile: written once per profile. */
const configurationTexts = new WeakMap<AgentProfile, Map<string, ConfigurationTexts>>();

function configurationText(agent: AgentSession): string {
  const { profile, routingProfile } = agent;
  let texts = configurationTexts.get(profile);
  if (texts === undefined) configurationTexts.set(profile, (texts = new Map()));
  let text = texts.get(routingProfile.id);
  if (text === undefined) {
    text = {
      free: JSON.stringify(configurationWire(profile, routingProfile, 1)),
      busy: JSON.stringify(configurationWire(profile, routingProfile, 0)),
    };
    texts.set(routingProfile.id, text);
  }
  return agent.contacts.length === 0 ? text.free : text.busy;
}

function configurationWire(profile: AgentProfile, routingProfile: RoutingProfile, availableSlots: number): object {
  const [level1, level2] = profile.hierarchy;
  const agentQueue = { ARN: profile.arn.replace("/agent/", "/queue/agent/"), Channels: ["VOICE"], Name: null };
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
    Proficiencies: [],
    RoutingProfile: {
      ARN: routingProfile.arn,
      Concurrency: [{ AvailableSlots: availableSlots, Channel: "VOICE", MaximumSlots: 1 }],
      DefaultOutboundQueue: queueWire(routingProfile.queues[0]),
      InboundQueues: [agentQueue, ...routingProfile.queues.map(queueWire)],
      Name: routingProfile.name,
    },
    Username: profile.username,
  };
}

function group(resource: Resource | undefined): object | null {
  return resource === undefined ? null : { ARN: resource.arn, Name: resource.name };
}

function queueWire(queue: Resource | undefined): object | null {
  return queue === undefined ? null : { ARN: queue.arn, Channels: ["VOICE"], Name: queue.name };
}
