import { NINE } from "./temporary-server.ts";

// Agent events as Connect writes them, one agent at a time; each previous snapshot is the current one of the event before.

const INSTANCE = "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555";

export interface WireContact {
  readonly id: string;
  readonly state: string;
  /** Milliseconds after nine. */
  readonly since: number;
  readonly connected?: number;
}

/** Writes the events of one agent; times are milliseconds after nine. */
export class AgentWriter {
  readonly agentId: string;
  readonly #username: string;
  readonly #events: string[] = [];
  #snapshot: object | null = null;
  #status = { name: "Offline", since: 0 };
  #contacts: readonly WireContact[] = [];
  #count = 0;

  constructor(agentId: string, username: string) {
    this.agentId = agentId;
    this.#username = username;
  }

  login(time: number): this {
    this.#snapshot = null;
    return this.#emit("LOGIN", time, null, null);
  }

  logout(time: number): this {
    return this.#emit("LOGOUT", time, this.#snapshot, this.#snapshot);
  }

  beat(time: number): this {
    return this.#emit("HEART_BEAT", time, this.#snapshot, this.#snapshot);
  }

  status(time: number, name: string): this {
    this.#status = { name, since: time };
    return this.#change(time);
  }

  contacts(time: number, ...contacts: readonly WireContact[]): this {
    this.#contacts = contacts;
    return this.#change(time);
  }

  /** What was written since the last call, as lines. */
  take(): string {
    return this.#events
      .splice(0)
      .map((event) => `${event}\n`)
      .join("");
  }

  #change(time: number): this {
    const previous = this.#snapshot;
    this.#snapshot = this.#write();
    return this.#emit("STATE_CHANGE", time, this.#snapshot, previous);
  }

  #write(): object {
    return {
      AgentStatus: {
        ARN: `${INSTANCE}/agent-state/${this.#status.name}`,
        Name: this.#status.name,
        StartTimestamp: iso(this.#status.since),
        Type: this.#status.name === "Available" ? "ROUTABLE" : this.#status.name === "Offline" ? "OFFLINE" : "CUSTOM",
      },
      Configuration: {
        AgentHierarchyGroups: { Level1: { ARN: `${INSTANCE}/agent-group/g-1`, Name: "Europe" } },
        FirstName: "Ana",
        LastName: "Ruiz",
        RoutingProfile: {
          ARN: `${INSTANCE}/routing-profile/rp-1`,
          Concurrency: [{ AvailableSlots: 1, Channel: "VOICE", MaximumSlots: 1 }],
          InboundQueues: [{ ARN: `${INSTANCE}/queue/q-1`, Channels: ["VOICE"], Name: "Sales" }],
          Name: "Support",
        },
        Username: this.#username,
      },
      Contacts: this.#contacts.map((contact) => ({
        Channel: "VOICE",
        ConnectedToAgentTimestamp: contact.connected === undefined ? null : iso(contact.connected),
        ContactId: contact.id,
        InitialContactId: null,
        InitiationMethod: "INBOUND",
        Queue: { ARN: `${INSTANCE}/queue/q-1`, Name: "Sales" },
        QueueTimestamp: iso(contact.since),
        State: contact.state,
        StateStartTimestamp: iso(contact.since),
      })),
    };
  }

  #emit(type: string, time: number, current: object | null, previous: object | null): this {
    this.#events.push(
      JSON.stringify({
        AWSAccountId: "111122223333",
        AgentARN: `${INSTANCE}/agent/${this.agentId}`,
        CurrentAgentSnapshot: current,
        EventId: `${this.agentId}-${this.#count++}`,
        EventTimestamp: iso(time),
        EventType: type,
        InstanceARN: INSTANCE,
        PreviousAgentSnapshot: previous,
        Version: "2017-10-01",
      }),
    );
    return this;
  }
}

function iso(time: number): string {
  return new Date(NINE + time).toISOString();
}
