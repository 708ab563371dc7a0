import { parseConnectArn, resourceIdOf, type ConnectArn } from "../../arn.ts";
import type { SourceRecord, UnixMillis } from "../../record.ts";
import { SEVERITY } from "../../severity.ts";
import { makeRecordId, type DecodeContext, type ReceivedRecord } from "../../source.ts";
import { compareContacts, contactIdOf, contactsText, type ContactChange } from "./contacts.ts";
import { describeAgentEvent } from "./message.ts";
import { readTime, timePrecisionOf, type TimePrecision } from "./time-precision.ts";
import { normalizeChannel } from "../../wire-values.ts";
import type {
  AgentConfigurationWire,
  AgentEventWire,
  AgentSnapshotWire,
  AgentStatusWire,
  NextAgentStatusWire,
  RoutingProfileWire,
} from "./wire.ts";

const FAILED_STATES = new Set(["ERROR", "MISSED", "REJECTED"]);

/** The row of one agent event. All keys are always there and in one order: the fill is measured in rows a second. */
export function normalizeAgentEvent(
  event: AgentEventWire,
  received: ReceivedRecord,
  context: DecodeContext,
): SourceRecord {
  const precision = timePrecisionOf(event);
  const changes = compareContacts(event);
  const origin = readOrigin(event, received);
  const status = readStatus(event, precision);
  const person = readPerson(event);
  const current = event.CurrentAgentSnapshot;
  const previous = event.PreviousAgentSnapshot;
  return {
    record_id: makeRecordId({
      source: "agent_event",
      identity: event.EventId ?? received.body,
      eventTime: status.eventTime,
      digest: context.digest,
    }),
    source: "agent_event",
    instance_id: origin.instanceId,
    account_id: origin.accountId,
    region: origin.region,
    event_name: event.EventType,
    event_time: status.eventTime,
    observed_time: context.observedTime,
    severity_number: severityOf(changes),
    severity_text: undefined,
    contact_id: contactIdOf(event, changes),
    agent_id: origin.agentId,
    agent_username: person.username,
    flow_id: undefined,
    session_id: undefined,
    message: describeAgentEvent(event, changes),
    attributes: event.unknownKeys === undefined ? undefined : JSON.stringify(event.unknownKeys),
    original_id: event.EventId,
    original_body: received.body,
    event_type: event.EventType,
    status_id: status.id,
    status_name: status.name,
    status_type: status.type,
    status_start_time: status.startTime,
    previous_status_name: status.previousName,
    previous_status_type: status.previousType,
    previous_status_start_time: status.previousStartTime,
    next_status_name: status.nextName,
    next_status_enqueued_time: status.nextEnqueuedTime,
    previous_next_status_name: previous?.NextAgentStatus?.Name,
    first_name: person.firstName,
    last_name: person.lastName,
    routing_profile_id: person.routingProfileId,
    routing_profile_name: person.routingProfileName,
    hierarchy_level_1: person.hierarchy[0],
    hierarchy_level_2: person.hierarchy[1],
    hierarchy_level_3: person.hierarchy[2],
    hierarchy_level_4: person.hierarchy[3],
    hierarchy_level_5: person.hierarchy[4],
    contacts: contactsText(current, precision),
    previous_contacts: contactsText(previous, precision),
    contact_count: current?.Contacts?.length,
    slots: person.slots,
    proficiencies: person.proficiencies,
    has_current_snapshot: current !== undefined,
    has_previous_snapshot: previous !== undefined,
    time_precision: precision,
    current_region: current?.AgentCrossRegionRoutingConfiguration?.CurrentRegion,
    configured_regions: regionsText(current),
    model_version: event.Version,
  };
}

interface Origin {
  readonly instanceId: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly agentId: string;
}

const NO_ARN: ConnectArn = {
  region: undefined,
  accountId: undefined,
  instanceId: undefined,
  resourceType: undefined,
  resourceId: undefined,
};

function readOrigin(event: AgentEventWire, received: ReceivedRecord): Origin {
  const agent = parseConnectArn(event.AgentARN) ?? NO_ARN;
  const instance = parseConnectArn(event.InstanceARN) ?? NO_ARN;
  const { carrier } = received;
  return {
    instanceId: instance.instanceId ?? agent.instanceId,
    accountId: event.AWSAccountId ?? agent.accountId ?? instance.accountId ?? carrier?.accountId,
    region: agent.region ?? instance.region ?? carrier?.region,
    agentId: agent.resourceId ?? lastSegment(event.AgentARN),
  };
}

/** Masked ARNs (`us-east-1::***::instance/...`) do not parse; what stands after the last slash still tells agents apart. */
function lastSegment(text: string): string {
  const segment = text.slice(text.lastIndexOf("/") + 1);
  return segment === "" ? text : segment;
}

interface Status {
  readonly eventTime: UnixMillis;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly startTime: UnixMillis | undefined;
  readonly previousName: string | undefined;
  readonly previousType: string | undefined;
  readonly previousStartTime: UnixMillis | undefined;
  readonly nextName: string | undefined;
  readonly nextEnqueuedTime: UnixMillis | undefined;
}

const NO_STATUS: AgentStatusWire = { ARN: undefined, Name: undefined, StartTimestamp: undefined, Type: undefined };
const NO_NEXT_STATUS: NextAgentStatusWire = { ARN: undefined, Name: undefined, EnqueuedTimestamp: undefined };

function readStatus(event: AgentEventWire, precision: TimePrecision): Status {
  const current = event.CurrentAgentSnapshot;
  const status = current?.AgentStatus ?? NO_STATUS;
  const next = current?.NextAgentStatus ?? NO_NEXT_STATUS;
  const previous = event.PreviousAgentSnapshot?.AgentStatus ?? NO_STATUS;
  const eventTime = readTime(event.EventTimestamp, precision);
  if (eventTime === undefined) throw new Error("decodeAgentEvent let an event through without a time");
  return {
    eventTime,
    id: resourceIdOf(status.ARN),
    name: status.Name,
    type: status.Type ?? deriveStatusType(status.Name),
    startTime: readTime(status.StartTimestamp, precision),
    previousName: previous.Name,
    previousType: previous.Type ?? deriveStatusType(previous.Name),
    previousStartTime: readTime(previous.StartTimestamp, precision),
    nextName: next.Name,
    nextEnqueuedTime: readTime(next.EnqueuedTimestamp, precision),
  };
}

/** Events of 2017 to 2019 lack the type; only these two built-in statuses are not custom. */
function deriveStatusType(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name === "Available") return "ROUTABLE";
  return name === "Offline" ? "OFFLINE" : "CUSTOM";
}

interface Person {
  readonly username: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly routingProfileId: string | undefined;
  readonly routingProfileName: string | undefined;
  readonly hierarchy: readonly (string | undefined)[];
  readonly slots: string | undefined;
  readonly proficiencies: string | undefined;
}

const NO_CONFIGURATION: AgentConfigurationWire = {
  FirstName: undefined,
  LastName: undefined,
  Username: undefined,
  AgentHierarchyGroups: [],
  Proficiencies: [],
  RoutingProfile: undefined,
};

function readPerson(event: AgentEventWire): Person {
  const configuration = event.CurrentAgentSnapshot?.Configuration ?? NO_CONFIGURATION;
  const profile = configuration.RoutingProfile;
  return {
    username: configuration.Username ?? event.PreviousAgentSnapshot?.Configuration?.Username,
    firstName: configuration.FirstName,
    lastName: configuration.LastName,
    routingProfileId: resourceIdOf(profile?.ARN),
    routingProfileName: profile?.Name,
    hierarchy: configuration.AgentHierarchyGroups,
    slots: slotsText(profile),
    proficiencies: proficienciesText(configuration),
  };
}

function slotsText(profile: RoutingProfileWire | undefined): string | undefined {
  if (profile === undefined || profile.Concurrency.length === 0) return undefined;
  return JSON.stringify(
    profile.Concurrency.map((slots) => ({
      channel: normalizeChannel(slots.Channel),
      available_slots: slots.AvailableSlots,
      maximum_slots: slots.MaximumSlots,
    })),
  );
}

function proficienciesText(configuration: AgentConfigurationWire): string | undefined {
  if (configuration.Proficiencies.length === 0) return undefined;
  return JSON.stringify(
    configuration.Proficiencies.map((proficiency) => ({
      name: proficiency.Name,
      value: proficiency.Value,
      level: proficiency.ProficiencyLevel,
    })),
  );
}

function regionsText(snapshot: AgentSnapshotWire | undefined): string | undefined {
  const regions = snapshot?.AgentCrossRegionRoutingConfiguration?.ConfiguredRegions;
  return regions === undefined || regions.length === 0 ? undefined : JSON.stringify(regions);
}

/** A contact that has just failed is worth a warning; one that still shows the same failure is not. */
function severityOf(changes: readonly ContactChange[]): number {
  const hasFailed = changes.some(
    (change) => !change.isGone && change.contact.State !== undefined && FAILED_STATES.has(change.contact.State),
  );
  return hasFailed ? SEVERITY.warn : SEVERITY.info;
}
