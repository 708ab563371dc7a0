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
  /** Contacts that run at once. */
  readonly contacts: number;
}

/** What a record is about; a contact lasts two minutes, is one agent's, and is named by every source alike. */
interface Subject {
  readonly index: number;
  readonly time: string;
  readonly contact: string;
  readonly agent: number;
}

type RecordWriter = (subject: Subject) => string;

const CONTACT_MS = 120_000;

const ACCOUNT = "111122223333";
const INSTANCE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const ARN = `arn:aws:connect:eu-west-2:${ACCOUNT}:instance/${INSTANCE}`;
const AGENTS = 500;

export const WRITERS: Readonly<Record<"ccp_log" | "flow_log" | "agent_event" | "cloudtrail", RecordWriter>> = {
  ccp_log: writeCcpLog,
  flow_log: writeFlowLog,
  agent_event: writeAgentEvent,
  cloudtrail: writeCloudTrail,
};

/** The records of a span, one after another, numbered from `first`. */
export function* benchRecords(writer: RecordWriter, span: BenchSpan, first = 0): Generator<string> {
  for (let offset = 0; offset < span.count; offset++) {
    const index = first + offset;
    const time = span.from + offset * span.stepMs;
    const line = index % span.contacts;
    yield writer({
      index,
      time: formatInstant(unixMillis(time)),
      contact: contactAt(time, line),
      agent: line % AGENTS,
    });
  }
}

/** A UUID that is a function of a number; `kind` keeps ids of different things apart. */
function uuidOf(index: number, kind: number): string {
  const mixed = [0, 1, 2, 3].map(
    (part) => (Math.imul(index + 1, 0x9e3779b1 + part * 0x85ebca6b) ^ Math.imul(kind + part, 0xc2b2ae35)) >>> 0,
  );
  const hex = mixed.map((part) => ((part ^ (part >>> 15)) >>> 0).toString(16).padStart(8, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The contact on a line at a time. */
export function contactAt(time: number, line: number): string {
  return uuidOf(Math.floor(time / CONTACT_MS) * 4099 + line, 1);
}

function agentId(agent: number): string {
  return uuidOf(agent, 2);
}

const CCP_TEXTS: readonly ((contact: string, index: number) => string)[] = [
  (contact, index) =>
    ` ${contact} RtcPeerConnectionManagerV2 ${contact} CallSession ICE Connection State:  connected ${index}`,
  (_contact, index) => `AWSClient: --> Calling operation 'getAgentSnapshot' ${index}`,
  (_contact, index) => `AWSClient: <-- Operation 'getAgentSnapshot' succeeded. ${index}`,
  (contact, index) => `Publishing event: contact::connected::${contact} ${index}`,
  (_contact, index) => `[Softphone Manager] Microphone Permission: granted ${index}`,
];

export function writeCcpLog({ index, time, contact, agent }: Subject): string {
  const text = (CCP_TEXTS[index % CCP_TEXTS.length] as (contact: string, index: number) => string)(contact, index);
  const logger = `17951764${String(90_000 + agent).padStart(5, "0")}-gmihrgp6jbg`;
  return `{"component":"softphone","level":"${index % 50 === 0 ? "ERROR" : "INFO"}","text":${JSON.stringify(text)},"time":"${time}","tabId":"1795176490468-aky118iyrno","exception":null,"objects":[],"line":${index % 5000},"agentResourceId":"${agentId(agent)}","loggerId":"${logger}","contextLayer":"CCP"}`;
}

const BLOCKS = [
  "SetLoggingBehavior",
  "PlayPrompt",
  "CheckHoursOfOperation",
  "InvokeExternalResource",
  "CheckAttribute",
  "GetUserInput",
  "SetAttributes",
  "Transfer",
];

function writeFlowLog({ index, time, contact }: Subject): string {
  const block = BLOCKS[index % BLOCKS.length];
  return `{"ContactId":"${contact}","ContactFlowId":"${ARN}/contact-flow/${uuidOf(index % 20, 3)}","ContactFlowName":"Main inbound","ContactFlowModuleType":"${block}","Identifier":"${uuidOf(index % 160, 4)}","Timestamp":"${time}","Parameters":{"Text":"Thank you for calling, record ${index}","TextToSpeechType":"text","Voice":"Joanna"},"Results":"${index % 3 === 0 ? "true" : "Success"}"}`;
}

function snapshotOf({ index, time, contact, agent }: Subject): unknown {
  const queue = (number: number): unknown => ({
    ARN: `${ARN}/queue/${uuidOf(number, 5)}`,
    Channels: ["VOICE", "CHAT"],
    Name: `Queue number ${number}`,
  });
  return {
    AgentStatus: {
      ARN: `${ARN}/agent-state/${uuidOf(1, 6)}`,
      Name: "Available",
      StartTimestamp: time,
      Type: "ROUTABLE",
    },
    Configuration: {
      AgentHierarchyGroups: {
        Level1: { ARN: `${ARN}/agent-group/${uuidOf(1, 7)}`, Name: "Europe" },
        Level2: { ARN: `${ARN}/agent-group/${uuidOf(2, 7)}`, Name: "Support" },
      },
      FirstName: "Agent",
      LastName: `Number ${agent}`,
      Proficiencies: [],
      RoutingProfile: {
        ARN: `${ARN}/routing-profile/${uuidOf(1, 8)}`,
        Concurrency: [{ AvailableSlots: 1, Channel: "VOICE", MaximumSlots: 1 }],
        DefaultOutboundQueue: queue(0),
        InboundQueues: [queue(1), queue(2), queue(3), queue(4)],
        Name: "Support profile",
      },
      Username: `agent${agent}`,
    },
    Contacts: [
      {
        Channel: "VOICE",
        ConnectedToAgentTimestamp: time,
        ContactId: contact,
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

function writeAgentEvent(subject: Subject): string {
  const { index, time } = subject;
  return JSON.stringify({
    AWSAccountId: ACCOUNT,
    AgentARN: `${ARN}/agent/${agentId(subject.agent)}`,
    CurrentAgentSnapshot: snapshotOf(subject),
    EventId: uuidOf(index, 9),
    EventTimestamp: time,
    EventType: "STATE_CHANGE",
    InstanceARN: ARN,
    PreviousAgentSnapshot: snapshotOf({ ...subject, index: index + 1 }),
    Version: "2017-10-01",
  });
}

const OPERATIONS = [
  "GetMetricDataV2",
  "DescribeUser",
  "ListQueues",
  "UpdateContactAttributes",
  "UpdateUserRoutingProfile",
  "GetCurrentMetricData",
];

function writeCloudTrail({ index, time, contact }: Subject): string {
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: {
      type: "AssumedRole",
      principalId: `AROAEXAMPLEEXAMPLE001:session-${index % 50}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dashboards/session-${index % 50}`,
      accountId: ACCOUNT,
      accessKeyId: "ASIAEXAMPLEEXAMPLE01",
      sessionContext: {
        sessionIssuer: {
          type: "Role",
          principalId: "AROAEXAMPLEEXAMPLE001",
          arn: `arn:aws:iam::${ACCOUNT}:role/Dashboards`,
          accountId: ACCOUNT,
          userName: "Dashboards",
        },
        attributes: { creationDate: time, mfaAuthenticated: "false" },
      },
    },
    eventTime: `${time.slice(0, 19)}Z`,
    eventSource: "connect.amazonaws.com",
    eventName: OPERATIONS[index % OPERATIONS.length],
    awsRegion: "eu-west-2",
    sourceIPAddress: `192.0.2.${index % 250}`,
    userAgent:
      "aws-sdk-js/3.632.0 ua/2.0 os/linux lang/js md/nodejs#20.18.0 api/connect#3.632.0 exec-env/AWS_Lambda_nodejs20.x",
    requestParameters: {
      InstanceId: INSTANCE,
      ContactId: contact,
      Filters: { Queues: [uuidOf(index % 9, 5)], Channels: ["VOICE"] },
      Note: `request ${index}`,
    },
    responseElements: null,
    requestID: uuidOf(index, 10),
    eventID: uuidOf(index, 11),
    readOnly: index % 2 === 0,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: "connect.eu-west-2.amazonaws.com",
    },
  });
}
