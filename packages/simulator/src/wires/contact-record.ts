import type { UnixMillis } from "@fourwire/core";
import { instantText } from "../instant-text.ts";
import { wholeSecond, type Contact } from "../contact.ts";
import type { AgentSession } from "../agent-session.ts";
import type { Stage } from "../stage.ts";
import { systemTags } from "./system-tags.ts";
import type { Resource } from "../world.ts";

/**
 * One contact record. Times have whole seconds, durations are whole seconds between those times, and what does not
 * apply is an explicit null, as in real records.
 * https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html (read 2026-11-20)
 */
export function writeContactRecord(stage: Stage, contact: Contact): string {
  return JSON.stringify({
    AWSAccountId: stage.world.place.accountId,
    AWSContactTraceRecordFormatVersion: "2017-03-10",
    Agent: agentWire(contact),
    AdditionalEmailRecipients: null,
    AgentConnectionAttempts: contact.offers,
    AnsweringMachineDetectionStatus: null,
    Attributes: contact.attributes,
    Campaign: { CampaignId: null },
    Channel: contact.channel,
    ConnectedToSystemTimestamp: stamp(contact.connectedToSystemTime),
    ContactAssociationId: contact.channel === "EMAIL" ? (contact.relatedId ?? contact.id) : null,
    ContactDetails: contact.channel === "TASK" ? { Name: "Follow up" } : {},
    ContactId: contact.id,
    CustomerEndpoint: customerWire(contact),
    CustomerId: null,
    CustomerVoiceActivity: null,
    DisconnectDetails: null,
    DisconnectReason: contact.disconnectReason ?? null,
    DisconnectTimestamp: stamp(contact.disconnectTime),
    InitialContactId: contact.initialId ?? null,
    InitiationMethod: contact.initiationMethod,
    InitiationTimestamp: stamp(contact.initiationTime),
    InstanceARN: stage.world.instance.arn,
    LastPausedTimestamp: stamp(contact.lastPausedTime),
    LastResumedTimestamp: stamp(contact.lastResumedTime),
    LastUpdateTimestamp: stamp(stage.clock.now),
    MediaStreams: mediaStreams(contact),
    NextContactId: contact.nextId ?? null,
    PreviousContactId: contact.previousId ?? null,
    QualityMetrics: qualityWire(contact),
    Queue: queueWire(contact),
    ...recordingWire(stage, contact),
    References: [],
    RelatedContactId: contact.relatedId ?? null,
    RoutingCriteria: null,
    ScheduledTimestamp: null,
    SegmentAttributes: segmentWire(contact),
    SystemEndpoint: systemWire(stage, contact),
    Tags: systemTags(stage.world, contact),
    TaskTemplateInfo: null,
    TotalPauseCount: contact.pauses,
    TotalPauseDurationInSeconds: Math.round(contact.pausedMs / 1000),
    TransferCompletedTimestamp: stamp(contact.transferTime),
    TransferredToEndpoint: null,
    VoiceIdResult: null,
    WisdomInfo: null,
  });
}

const SUBTYPES = {
  VOICE: "connect:Telephony",
  CHAT: "connect:Chat",
  TASK: "connect:Task",
  EMAIL: "connect:Email",
} as const;

/** An e-mail's subject and what the mail service thought of it stand here. */
function segmentWire({ channel, email, initiationMethod }: Contact): object {
  const subtype = { "connect:Subtype": { ValueString: SUBTYPES[channel] } };
  if (email === undefined) return subtype;
  const isOutbound = initiationMethod === "AGENT_REPLY";
  return {
    ...subtype,
    "connect:Direction": { ValueString: isOutbound ? "OUTBOUND" : "INBOUND" },
    "connect:EmailSubject": { ValueString: isOutbound ? `Re: ${email.subject}` : email.subject },
    ...(isOutbound ? {} : MAIL_VERDICTS),
  };
}

const MAIL_VERDICTS = {
  "connect:X-SES-SPAM-VERDICT": { ValueString: "PASS" },
  "connect:X-SES-VIRUS-VERDICT": { ValueString: "PASS" },
};

function systemWire({ world }: Stage, { channel }: Contact): object | null {
  const { systemNumber, systemAddress } = world.place;
  if (channel === "EMAIL") return { Address: systemAddress, Type: "EMAIL_ADDRESS" };
  return channel === "VOICE" ? { Address: systemNumber, Type: "TELEPHONE_NUMBER" } : null;
}

function customerWire({ channel, customerNumber, email }: Contact): object | null {
  if (email !== undefined) return { Address: email.customerAddress, Type: "EMAIL_ADDRESS" };
  if (channel !== "VOICE" || customerNumber === undefined) return null;
  return { Address: customerNumber, Type: "TELEPHONE_NUMBER" };
}

function mediaStreams({ channel }: Contact): object[] {
  if (channel === "TASK" || channel === "EMAIL") return [];
  return [{ Type: channel === "CHAT" ? "CHAT" : "AUDIO" }];
}

/** Only what an agent took part in is recorded; the older key is for calls. */
function recordingWire(stage: Stage, contact: Contact): { Recording: object | null; Recordings: object[] | null } {
  const { connectedTime, legEndTime, isRecorded, channel } = contact;
  if (!isRecorded || connectedTime === undefined) return { Recording: null, Recordings: null };
  const day = instantText(connectedTime).slice(0, 10).replaceAll("-", "/");
  const folder = channel === "VOICE" ? "CallRecordings" : "ChatTranscripts";
  const suffix = channel === "VOICE" ? "wav" : "json";
  const { place, recordingBucket } = stage.world;
  const location = `${recordingBucket}/connect/${place.alias}/${folder}/${day}/${contact.id}_${instantText(connectedTime).slice(0, 16).replaceAll("-", "")}_UTC.${suffix}`;
  const recording = {
    DeletionReason: null,
    Location: location,
    Status: "AVAILABLE",
    Type: channel === "VOICE" ? "AUDIO" : "CHAT",
  };
  return {
    Recording: channel === "VOICE" ? recording : null,
    Recordings: [
      {
        DeletionReason: null,
        FragmentStartNumber: null,
        FragmentStopNumber: null,
        Location: location,
        MediaStreamType: recording.Type,
        ParticipantType: null,
        StartTimestamp: stamp(connectedTime),
        Status: "AVAILABLE",
        StopTimestamp: stamp(legEndTime),
        StorageType: "S3",
      },
    ],
  };
}

function agentWire(contact: Contact): object | null {
  const { agent, connectedTime, legEndTime, afterContactWorkEndTime } = contact;
  if (agent === undefined || legEndTime === undefined) return null;
  const holdSeconds = Math.round(contact.heldMs / 1000);
  const pauseSeconds = Math.round(contact.pausedMs / 1000);
  const isListener = contact.initiationMethod === "MONITOR";
  return {
    ARN: agent.profile.arn,
    AcceptedByAgentTimestamp: null,
    AfterContactWorkDuration: secondsBetween(legEndTime, afterContactWorkEndTime),
    AfterContactWorkEndTimestamp: stamp(afterContactWorkEndTime),
    AfterContactWorkStartTimestamp: isListener ? null : stamp(legEndTime),
    AgentInitiatedHoldDuration: holdSeconds,
    AgentInteractionDuration: interactionSeconds(contact, holdSeconds + pauseSeconds),
    AgentPauseDuration: contact.channel === "TASK" ? pauseSeconds : null,
    Capabilities: null,
    ConnectedToAgentTimestamp: stamp(connectedTime),
    CustomerHoldDuration: holdSeconds,
    DeviceInfo: null,
    HierarchyGroups: hierarchyWire(agent),
    LongestHoldDuration: Math.round(contact.longestHoldMs / 1000),
    NumberOfHolds: contact.holds,
    RoutingProfile: { ARN: agent.routingProfile.arn, Name: agent.routingProfile.name },
    StateTransitions: isListener ? listeningWire(contact) : null,
    Username: agent.profile.username,
  };
}

/**
 * In real records interaction and hold add up to the time between answer and after-contact work. "This does not include
 * agent pause duration (which applies only to tasks)". Who listens without a word does not interact.
 */
function interactionSeconds(contact: Contact, otherSeconds: number): number {
  const { connectedTime, legEndTime, initiationMethod, bargeTime } = contact;
  const startTime = initiationMethod === "MONITOR" ? bargeTime : connectedTime;
  return startTime === undefined ? 0 : (secondsBetween(startTime, legEndTime) ?? 0) - otherSeconds;
}

/** What a supervisor did: listened, and perhaps joined in. */
function listeningWire({ connectedTime, bargeTime, legEndTime }: Contact): object[] {
  const listened = {
    State: "SILENT_MONITOR",
    StateStartTimestamp: stamp(connectedTime),
    StateEndTimestamp: stamp(bargeTime ?? legEndTime),
  };
  if (bargeTime === undefined) return [listened];
  return [listened, { State: "BARGE", StateStartTimestamp: stamp(bargeTime), StateEndTimestamp: stamp(legEndTime) }];
}

function hierarchyWire(agent: AgentSession): object {
  const [level1, level2] = agent.profile.hierarchy;
  return { Level1: groupWire(level1), Level2: groupWire(level2), Level3: null, Level4: null, Level5: null };
}

function groupWire(group: Resource | undefined): object | null {
  return group === undefined ? null : { ARN: group.arn, GroupName: group.name };
}

function queueWire({ queue, enqueueTime, connectedTime, disconnectTime }: Contact): object | null {
  if (queue === undefined || enqueueTime === undefined) return null;
  const dequeueTime = connectedTime ?? disconnectTime;
  return {
    ARN: queue.arn,
    DequeueTimestamp: stamp(dequeueTime),
    Duration: secondsBetween(enqueueTime, dequeueTime),
    EnqueueTimestamp: stamp(enqueueTime),
    Name: queue.name,
  };
}

/** Only voice is measured, and of those who listen in nothing. */
function qualityWire(contact: Contact): object | null {
  if (contact.connectedTime === undefined || contact.channel !== "VOICE") return null;
  if (contact.initiationMethod === "MONITOR") return null;
  const isPoor = contact.iceLosses > 0;
  return {
    Agent: { Audio: { PotentialQualityIssues: isPoor ? ["HighPacketLoss"] : [], QualityScore: isPoor ? 2.87 : 4.31 } },
    // measured for callers in an app or on the web only, and nobody here is one
    Customer: null,
  };
}

/** `yyyy-MM-ddTHH:mm:ssZ`, or null. */
function stamp(time: UnixMillis | undefined): string | null {
  return time === undefined ? null : instantText(wholeSecond(time)).replace(".000Z", "Z");
}

function secondsBetween(from: UnixMillis, to: UnixMillis | undefined): number | null {
  return to === undefined ? null : (wholeSecond(to) - wholeSecond(from)) / 1000;
}
