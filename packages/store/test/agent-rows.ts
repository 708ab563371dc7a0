import { unixMillis, type SourceRecord } from "@fourwire/core";
import { rowOf } from "./rows.ts";

// An agent's days as rows of `agent_event`, with everything the derivations look at. Each event's previous snapshot is
// the current one of the event before, as Connect writes them.

export interface AgentName {
  readonly agentId: string;
  readonly username: string;
  readonly region?: string;
}

interface Snapshot {
  readonly status: string;
  readonly statusStart: number;
  readonly contacts: readonly ContactText[];
}

interface ContactText {
  readonly contact_id: string;
  readonly state: string;
  readonly state_start_time: number;
  readonly connected: number | null;
}

export class AgentDay {
  readonly #agent: AgentName;
  readonly rows: SourceRecord[] = [];
  #snapshot: Snapshot | undefined;

  constructor(agent: AgentName) {
    this.#agent = agent;
  }

  login(time: number): this {
    this.#snapshot = undefined;
    return this.#add(time, "LOGIN", { current: undefined, previous: undefined });
  }

  logout(time: number): this {
    return this.#add(time, "LOGOUT", { current: this.#snapshot, previous: this.#snapshot });
  }

  beat(time: number): this {
    return this.#add(time, "HEART_BEAT", { current: this.#snapshot, previous: this.#snapshot });
  }

  status(time: number, status: string): this {
    return this.#change(time, { status, statusStart: time, contacts: this.#snapshot?.contacts ?? [] });
  }

  /** A contact from ringing to the end of its after-contact work. */
  contact(contactId: string, [rings, connected, ended, cleared]: readonly [number, number, number, number]): this {
    const at = (state: string, start: number): ContactText => ({
      contact_id: contactId,
      state,
      state_start_time: start,
      connected: state === "CONNECTING" ? null : connected,
    });
    this.#contacts(rings, [at("CONNECTING", rings)]);
    this.#contacts(connected, [at("CONNECTED", connected)]);
    this.#contacts(ended, [at("ENDED", ended)]);
    return this.#contacts(cleared, []);
  }

  missed(contactId: string, rings: number, missed: number, cleared: number): this {
    const at = (state: string, start: number): ContactText => ({
      contact_id: contactId,
      state,
      state_start_time: start,
      connected: null,
    });
    this.#contacts(rings, [at("CONNECTING", rings)]);
    this.#contacts(missed, [at("MISSED", missed)]);
    return this.#contacts(cleared, []);
  }

  #contacts(time: number, contacts: readonly ContactText[]): this {
    return this.#change(time, { status: "Available", statusStart: time, ...this.#snapshot, contacts });
  }

  #change(time: number, current: Snapshot): this {
    const previous = this.#snapshot;
    this.#snapshot = current;
    return this.#add(time, "STATE_CHANGE", { current, previous });
  }

  #add(
    time: number,
    eventType: string,
    { current, previous }: { readonly current: Snapshot | undefined; readonly previous: Snapshot | undefined },
  ): this {
    const { agentId, username, region } = this.#agent;
    this.rows.push(
      rowOf("agent_event", `${agentId} ${region ?? ""} ${eventType} ${time}`, {
        event_time: unixMillis(time),
        event_name: eventType,
        event_type: eventType,
        agent_id: agentId,
        agent_username: username,
        instance_id: "i-1",
        region: region ?? "eu-west-2",
        has_current_snapshot: current !== undefined,
        has_previous_snapshot: previous !== undefined,
        time_precision: "ms",
        first_name: "Ana",
        last_name: "Ruiz",
        routing_profile_id: "rp-1",
        routing_profile_name: "Support",
        ...(current === undefined
          ? {}
          : {
              status_name: current.status,
              status_type: typeOf(current.status),
              status_start_time: unixMillis(current.statusStart),
              contacts: contactsText(current),
              contact_count: current.contacts.length,
            }),
        ...(previous === undefined
          ? {}
          : {
              previous_status_name: previous.status,
              previous_status_type: typeOf(previous.status),
              previous_status_start_time: unixMillis(previous.statusStart),
              previous_contacts: contactsText(previous),
            }),
      }),
    );
    return this;
  }
}

function typeOf(status: string): string {
  if (status === "Available") return "ROUTABLE";
  return status === "Offline" ? "OFFLINE" : "CUSTOM";
}

function contactsText(snapshot: Snapshot): string | undefined {
  if (snapshot.contacts.length === 0) return undefined;
  return JSON.stringify(
    snapshot.contacts.map(({ connected, ...contact }) => ({
      initial_contact_id: null,
      channel: "VOICE",
      initiation_method: "INBOUND",
      connected_to_agent_time: connected,
      queue_time: contact.state_start_time - 1000,
      queue_id: "q-1",
      queue_name: "Sales",
      ...contact,
    })),
  );
}
