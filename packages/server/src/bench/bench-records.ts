import { formatInstant, unixMillis } from "@fourwire/core";

// Records for measuring, shaped and sized like real ones (CCP lines ~300 B, flow log entries ~400 B, agent events
// ~4.3 KB, CloudTrail ~1.3 KB), about 30 records a contact, spread evenly over a span of time. Fresh ids throughout:
// repetition would flatter the compression and the duplicate check.

export interface BenchSpan {
  readonly count: number;
  /** Unix ms of the first record. */
  readonly from: number;
  /** Distance between records. */
  readonly stepMs: number;
}

type RecordWriter = (index: number, time: string) => string;

const ACCOUNT = "111122223333";
const INSTANCE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const ARN = `arn:aws:connect:eu-west-2:${ACCOUNT}:instance/${INSTANCE}`;
const RECORDS_PER_CONTACT = 30;
const AGENTS = 500;

export const WRITERS: Readonly<Record<"ccp_log" | "flow_log" | "agent_event" | "cloudtrail", RecordWriter>> = {
  ccp_log: writeCcpLog,
  flow_log: writeFlowLog,
  agent_event: writeAgentEvent,
  cloudtrail: writeCloudTrail,
};

/** The records of a span, one after another. */
export function* benchRecords(writer: RecordWriter, span: BenchSpan): Generator<string> {
  for (let index = 0; index < span.count; index++) yield writer(index, formatInstant(unixMillis(span.from + index * span.stepMs)));
}

/** A UUID that is a function of a number; `kind` keeps ids of different things apart. */
export function uuidOf(index: number, kind: number): string {
  const mixed = [0, 1, 2, 3].map((part) => (Math.imul(index + 1, 0x9e3779b1 + part * 0x85ebca6b) ^ Math.imul(kind + part, 0xc2b2ae35)) >>> 0);
  const hex = mixed.map((part) => ((part ^ (part >>> 15)) >>> 0).toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function contactOf(index: number): string {
  // contacts overlap in time, as they do: 200 run at once
  return uuidOf(Math.floor(index / (RECORDS_PER_CONTACT * 200)) * 200 + (index % 200), 1);
}

function agentOf(index: number): string {
  return uuidOf(index % AGENTS, 2);
}

const CCP_TEXTS: readonly ((contact: string, index: number) => string)[] = [
  (contact, index) => ` ${contact} RtcPeerConnectionManagerV2 ${contact} CallSession ICE Connection State:  connected ${index}`,
  (_contact, index) => `AWSClient: --> Calling operation 'getAgentSnapshot' ${index}`,
  (_contact, index) => `AWSClient: <-- Operation 'getAgentSnapshot' succeeded. ${index}`,
  (contact, index) => `Publishing event: contact::connected::${contact} ${index}`,
  (_contact, index) => `[Softphone Manager] Microphone Permission: granted ${index}`,
];

function writeCcpLog(index: number, time: string): string {
  const text = (CCP_TEXTS[index % CCP_TEXTS.length] as (contact: string, index: number) => string)(contactOf(index), index);
  const logger = `17951764${String(90_000 + (index % AGENTS)).padStart(5, "0")}-gmihrgp6jbg`;
  return `{"component":"softphone","level":"${index % 50 === 0 ? "ERROR" : "INFO"}","text":${JSON.stringify(text)},"time":"${time}","tabId":"1795176490468-aky118iyrno","exception":null,"objects":[],"line":${index % 5000},"agentResourceId":"${agentOf(index)}","loggerId":"${logger}","contextLayer":"CCP"}`;
}

const BLOCKS = ["SetLoggingBehavior", "PlayPrompt", "CheckHoursOfOperation", "InvokeExternalResource", "CheckAttribute", "GetUserInput", "SetAttributes", "Transfer"];

function writeFlowLog(index: number, time: string): string {
  const block = BLOCKS[index % BLOCKS.length];
  return `{"ContactId":"${contactOf(index)}","ContactFlowId":"${ARN}/contact-flow/${uuidOf(index % 20, 3)}","ContactFlowName":"Main inbound","ContactFlowModuleType":"${block}","Identifier":"${uuidOf(index % 160, 4)}","Timestamp":"${time}","Parameters":{"Text":"Thank you for calling, record ${index}","TextToSpeechType":"text","Voice":"Joanna"},"Results":"${index % 3 === 0 ? "true" : "Success"}"}`;
}

function snapshotOf(index: number, time: string): unknown {
  const queue = (number: number): unknown => ({ ARN: `${ARN}/queue/${uuidOf(number, 5)}`, Channels: ["VOICE", "CHAT"], Name: `Queue number ${number}` });
  return {
    AgentStatus: { ARN: `${ARN}/agent-state/${uuidOf(1, 6)}`, Name: "Available", StartTimestamp: time, Type: "ROUTABLE" },
    Configuration: {
      AgentHierarchyGroups: { Level1: { ARN: `${ARN}/agent-group/${uuidOf(1, 7)}`, Name: "Europe" }, Level2: { ARN: `${ARN}/agent-group/${uuidOf(2, 7)}`, Name: "Support" } },
      FirstName: "Agent",
      LastName: `Number ${index % AGENTS}`,
      Proficiencies: [],
      RoutingProfile: {
        ARN: `${ARN}/routing-profile/${uuidOf(1, 8)}`,
        Concurrency: [{ AvailableSlots: 1, Channel: "VOICE", MaximumSlots: 1 }],
        DefaultOutboundQueue: queue(0),
        InboundQueues: [queue(1), queue(2), queue(3), queue(4)],
        Name: "Support profile",
      },
      Username: `agent${index % AGENTS}`,
    },
    Contacts: [
      {
        Channel: "VOICE",
        ConnectedToAgentTimestamp: time,
        ContactId: contactOf(index),
        InitialContactId: null,
        InitiationMethod: "INBOUND",
        Queue: queue(1),
        QueueTimestamp: time,
        State: index % 2 === 0 ? "CONNECTED" : "ENDED",
        StateStartTimestamp: time,
      },
    ],
  };
}

function writeAgentEvent(index: number, time: string): string {
  return JSON.stringify({
    AWSAccountId: ACCOUNT,
    AgentARN: `${ARN}/agent/${agentOf(index)}`,
    CurrentAgentSnapshot: snapshotOf(index, time),
    EventId: uuidOf(index, 9),
    EventTimestamp: time,
    EventType: "STATE_CHANGE",
    InstanceARN: ARN,
    PreviousAgentSnapshot: snapshotOf(index + 1, time),
    Version: "2017-10-01",
  });
}

const OPERATIONS = ["GetMetricDataV2", "DescribeUser", "ListQueues", "UpdateContactAttributes", "UpdateUserRoutingProfile", "GetCurrentMetricData"];

function writeCloudTrail(index: number, time: string): string {
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLEEXAMPLE001:session-${index % 50}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dashboards/session-${index % 50}`,
      accountId: ACCOUNT,
      accessKeyId: "ASIAEXAMPLEEXAMPLE01",
      sessionContext: {
        sessionIssuer: { type: "Role", principalId: "AROAEXAMPLEEXAMPLE001", arn: `arn:aws:iam::${ACCOUNT}:role/Dashboards`, accountId: ACCOUNT, userName: "Dashboards" },
        attributes: { creationDate: time, mfaAuthenticated: "false" },
      },
    },
    eventTime: `${time.slice(0, 19)}Z`,
    eventSource: "connect.amazonaws.com",
    eventName: OPERATIONS[index % OPERATIONS.length],
    awsRegion: "eu-west-2",
    sourceIPAddress: `192.0.2.${index % 250}`,
    userAgent: "aws-sdk-js/3.632.0 ua/2.0 os/linux lang/js md/nodejs#20.18.0 api/connect#3.632.0 exec-env/AWS_Lambda_nodejs20.x",
    requestParameters: { InstanceId: INSTANCE, ContactId: contactOf(index), Filters: { Queues: [uuidOf(index % 9, 5)], Channels: ["VOICE"] }, Note: `request ${index}` },
    responseElements: null,
    requestID: uuidOf(index, 10),
    eventID: uuidOf(index, 11),
    readOnly: index % 2 === 0,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    tlsDetails: { tlsVersion: "TLSv1.3", cipherSuite: "TLS_AES_128_GCM_SHA256", clientProvidedHostHeader: "connect.eu-west-2.amazonaws.com" },
  });
}
