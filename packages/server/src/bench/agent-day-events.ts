// Agent events of whole days, for measuring: every agent logs in, takes call after call, beats when nothing happens and
// logs out. Each previous snapshot is the current one of the event before, as Connect writes them.

const ACCOUNT = "111122223333";
const INSTANCE = `arn:aws:connect:eu-west-2:${ACCOUNT}:instance/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee`;

/** A call takes six events and a beat: ringing, talking, on hold, talking, ended, cleared. */
const CALL_STEPS_MS = [0, 6_000, 40_000, 55_000, 120_000, 150_000];
const CALL_MS = 210_000;

export interface AgentDayPlan {
  readonly agent: number;
  /** Unix ms of the login. */
  readonly from: number;
  /** Events of the day: about 830 in a full one. */
  readonly count: number;
}

/** The events of one agent's day as JSON texts, in order of time. */
export function* agentDayEvents(plan: AgentDayPlan): Generator<string> {
  const writer = new EventWriter(plan.agent);
  // agents do not all act at the same instant
  const start = plan.from + (plan.agent % 200) * 997;
  yield writer.event("LOGIN", start, undefined);
  let count = 1;
  for (let call = 0; count < plan.count - 1; call++) {
    const begun = start + 60_000 + call * CALL_MS;
    const contact = `00000000-0000-4000-8000-${String(plan.agent).padStart(6, "0")}${String(call).padStart(6, "0")}`;
    for (const state of callStates(contact, begun)) {
      if (count++ >= plan.count - 1) break;
      yield writer.event("STATE_CHANGE", state.time, state.contacts);
    }
    if (count++ < plan.count - 1) yield writer.event("HEART_BEAT", begun + 200_000, "[]");
  }
  yield writer.event("LOGOUT", start + 60_000 + Math.ceil(plan.count / 7) * CALL_MS, "[]");
}

interface CallState {
  readonly time: number;
  /** The snapshot's contacts, JSON. */
  readonly contacts: string;
}

function callStates(contact: string, begun: number): readonly CallState[] {
  const at = (step: number): number => begun + (CALL_STEPS_MS[step] ?? 0);
  const listed = (state: string, since: number): string =>
    `[{"Channel":"VOICE","ConnectedToAgentTimestamp":${state === "CONNECTING" ? "null" : `"${iso(at(1))}"`},"ContactId":"${contact}","InitialContactId":null,"InitiationMethod":"INBOUND","Queue":{"ARN":"${INSTANCE}/queue/q-1","Channels":["VOICE"],"Name":"Sales"},"QueueTimestamp":"${iso(begun - 9000)}","State":"${state}","StateStartTimestamp":"${iso(since)}"}]`;
  return [
    { time: at(0), contacts: listed("CONNECTING", at(0)) },
    { time: at(1), contacts: listed("CONNECTED", at(1)) },
    { time: at(2), contacts: listed("CONNECTED_ONHOLD", at(1)) },
    { time: at(3), contacts: listed("CONNECTED", at(1)) },
    { time: at(4), contacts: listed("ENDED", at(4)) },
    { time: at(5), contacts: "[]" },
  ];
}

class EventWriter {
  readonly #agent: number;
  #previous = "null";
  #statusStart = "";

  constructor(agent: number) {
    this.#agent = agent;
  }

  /** `contacts` is the JSON of the snapshot's contacts; undefined: no snapshot. */
  event(type: string, time: number, contacts: string | undefined): string {
    if (contacts !== undefined && this.#statusStart === "") this.#statusStart = iso(time);
    const current = contacts === undefined ? "null" : this.#snapshot(contacts);
    const text = `{"AWSAccountId":"${ACCOUNT}","AgentARN":"${INSTANCE}/agent/bench-${String(this.#agent).padStart(6, "0")}","CurrentAgentSnapshot":${current},"EventId":"${this.#agent}-${time}-${type}","EventTimestamp":"${iso(time)}","EventType":"${type}","InstanceARN":"${INSTANCE}","PreviousAgentSnapshot":${this.#previous},"Version":"2017-10-01"}`;
    this.#previous = current;
    return text;
  }

  #snapshot(contacts: string): string {
    const agent = this.#agent;
    return `{"AgentStatus":{"ARN":"${INSTANCE}/agent-state/s-1","Name":"Available","StartTimestamp":"${this.#statusStart}","Type":"ROUTABLE"},"Configuration":{"AgentHierarchyGroups":{"Level1":{"ARN":"${INSTANCE}/agent-group/g-${agent % 7}","Name":"Site ${agent % 7}"}},"FirstName":"Agent","LastName":"Number ${agent}","Proficiencies":[],"RoutingProfile":{"ARN":"${INSTANCE}/routing-profile/rp-${agent % 20}","Concurrency":[{"AvailableSlots":1,"Channel":"VOICE","MaximumSlots":1}],"InboundQueues":[{"ARN":"${INSTANCE}/queue/q-1","Channels":["VOICE"],"Name":"Sales"}],"Name":"Profile ${agent % 20}"},"Username":"agent${agent}"},"Contacts":${contacts}}`;
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
