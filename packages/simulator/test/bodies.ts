import type { SourceName } from "@fourwire/core";
import type { Emission } from "../src/index.ts";

// The wire documents, as far as tests read them.

export interface AgentEventBody {
  readonly AgentARN: string;
  readonly EventTimestamp: string;
  readonly EventType: string;
  readonly CurrentAgentSnapshot: SnapshotBody | null;
  readonly PreviousAgentSnapshot: SnapshotBody | null;
}

export interface SnapshotBody {
  readonly AgentStatus: { readonly Name: string; readonly Type: string; readonly StartTimestamp: string };
  readonly Configuration: {
    readonly RoutingProfile: { readonly ARN: string };
    readonly Proficiencies: readonly object[];
  };
  readonly Contacts: readonly ContactBody[];
}

export interface ContactBody {
  readonly ContactId: string;
  readonly InitialContactId: string | null;
  readonly Channel: string;
  readonly InitiationMethod: string;
  readonly State: string;
}

export interface ContactEventBody {
  readonly detail: { readonly eventType: string; readonly contactId: string; readonly agentInfo?: object };
}

export interface ContactRecordBody {
  readonly Channel: string;
  readonly Tags: Readonly<Record<string, string>>;
  readonly QualityMetrics: object | null;
  readonly SystemEndpoint: { readonly Type: string } | null;
  readonly LastPausedTimestamp: string | null;
  readonly LastResumedTimestamp: string | null;
  readonly TotalPauseCount: number;
  readonly TotalPauseDurationInSeconds: number;
  readonly ContactId: string;
  readonly InitialContactId: string | null;
  readonly PreviousContactId: string | null;
  readonly NextContactId: string | null;
  readonly InitiationMethod: string;
  readonly AgentConnectionAttempts: number;
  readonly DisconnectTimestamp: string;
  readonly DisconnectReason: string | null;
  readonly RelatedContactId: string | null;
  readonly ContactAssociationId: string | null;
  readonly SegmentAttributes: Readonly<Record<string, { readonly ValueString: string }>>;
  readonly LastUpdateTimestamp: string;
  readonly TransferCompletedTimestamp: string | null;
  readonly Queue: {
    readonly EnqueueTimestamp: string;
    readonly DequeueTimestamp: string;
    readonly Duration: number;
  } | null;
  readonly Agent: {
    readonly ARN: string;
    readonly ConnectedToAgentTimestamp: string;
    readonly AfterContactWorkStartTimestamp: string;
    readonly AfterContactWorkEndTimestamp: string;
    readonly AgentInteractionDuration: number;
    readonly CustomerHoldDuration: number;
    readonly AgentPauseDuration: number | null;
    readonly StateTransitions: readonly { readonly State: string }[] | null;
  } | null;
}

export interface FlowLogBody {
  readonly ContactId: string;
  readonly ContactFlowModuleType: string;
  readonly Timestamp: string;
  readonly Parameters?: object;
  readonly Results?: string;
}

export interface ApiCallBody {
  readonly eventName: string;
  readonly eventTime: string;
  readonly readOnly: boolean;
  readonly sourceIPAddress: string;
  readonly userIdentity: { readonly arn: string };
  readonly responseElements: object | null;
  readonly requestParameters: {
    readonly ContactId?: string;
    readonly InitialContactId?: string;
    readonly Content?: string;
  };
}

export interface CcpLogBody {
  readonly text: string;
  readonly agentResourceId: string | null;
  readonly objects: readonly { readonly snapshot: CcpSnapshot }[];
}

interface CcpSnapshot {
  readonly skew: number;
  readonly snapshotTimestamp: string;
  readonly localTimestamp: number;
}

export interface SoftphoneSample {
  readonly softphoneStreamType: string;
  readonly timestamp: string | number;
  readonly packetsLost: number | null;
  readonly packetsCount: number;
  readonly jitterBufferMillis: number;
}

interface Bodies {
  readonly agent_event: AgentEventBody;
  readonly contact_record: ContactRecordBody;
  readonly contact_event: ContactEventBody;
  readonly flow_log: FlowLogBody;
  readonly cloudtrail: ApiCallBody;
  readonly ccp_log: CcpLogBody;
}

/** The parsed bodies of one source. */
export function bodies<S extends SourceName>(emissions: readonly Emission[], source: S): Bodies[S][] {
  return emissions.filter((emission) => emission.source === source).map(({ body }): Bodies[S] => JSON.parse(body));
}

/** The elements of every `sendSoftphoneMetrics` line, line by line. */
export function softphoneSamples(emissions: readonly Emission[]): SoftphoneSample[][] {
  const texts = bodies(emissions, "ccp_log").map(({ text }) => text);
  return texts
    .filter((text) => text.startsWith(" sendSoftphoneMetrics success["))
    .map((text): SoftphoneSample[] => JSON.parse(text.slice(text.indexOf("["))));
}
