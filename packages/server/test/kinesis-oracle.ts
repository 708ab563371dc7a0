import { expect } from "vitest";
import type { Store } from "@fourwire/store";

const ACCOUNT = "111122223333";
const INSTANCE = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
const ARN = `arn:aws:connect:eu-west-2:${ACCOUNT}:instance/${INSTANCE}`;

/** 2026-11-20T09:00:00Z */
const NINE = Date.UTC(2026, 10, 20, 9);

/** Knows every id it issued, and what the store must hold of them. */
export class Oracle {
  readonly #name: string;
  readonly #issued = new Map<string, { readonly agent: string; readonly order: number }>();
  #contacts = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get issuedCount(): number {
    return this.#issued.size + this.#contacts;
  }

  /** The next agent event of one of ten agents; `partitionKey` is the agent's, as Connect chooses it. */
  agentEvent(): { readonly text: string; readonly partitionKey: string } {
    const order = this.#issued.size;
    const agent = `00000000-0000-4000-8000-${String(order % 10).padStart(12, "0")}`;
    const eventId = `${this.#name}-${order}`;
    this.#issued.set(eventId, { agent, order });
    const agentArn = `${ARN}/agent/${agent}`;
    const text = JSON.stringify({
      AWSAccountId: ACCOUNT,
      AgentARN: agentArn,
      CurrentAgentSnapshot: null,
      EventId: eventId,
      EventTimestamp: new Date(NINE + order * 10).toISOString(),
      EventType: "HEART_BEAT",
      InstanceARN: ARN,
      PreviousAgentSnapshot: null,
      Version: "2017-10-01",
    });
    return { text, partitionKey: agentArn };
  }

  /** Agent events as entries of PutRecords. */
  agentEvents(count: number): { Data: Uint8Array; PartitionKey: string }[] {
    return Array.from({ length: count }, () => {
      const { text, partitionKey } = this.agentEvent();
      return { Data: Buffer.from(text), PartitionKey: partitionKey };
    });
  }

  contactRecord(): string {
    const order = this.#contacts++;
    return JSON.stringify({
      AWSAccountId: ACCOUNT,
      ContactId: `10000000-0000-4000-8000-${String(order).padStart(12, "0")}`,
      InstanceARN: ARN,
      Channel: "VOICE",
      InitiationMethod: "INBOUND",
      InitiationTimestamp: new Date(NINE + order * 1000).toISOString(),
      DisconnectTimestamp: new Date(NINE + order * 1000 + 500).toISOString(),
      LastUpdateTimestamp: new Date(NINE + order * 1000 + 900).toISOString(),
      AWSContactTraceRecordFormatVersion: "2017-03-10",
    });
  }

  /** Whether the store holds as many as were issued. */
  async isComplete(store: Store): Promise<boolean> {
    const sql = `select count(*) from agent_event where starts_with(original_id, '${this.#name}-')`;
    const held = (await rowsOf(store, sql)).flat()[0];
    const contacts = (await rowsOf(store, "select count(*) from hot.contact_record")).flat()[0];
    return Number(held) >= this.#issued.size && Number(contacts) >= this.#contacts;
  }

  /** Every issued id is there once, and nothing else. */
  async check(store: Store): Promise<void> {
    const ids = (await rowsOf(store, "select original_id from agent_event")).flat().map(String);
    expect(ids.toSorted()).toEqual([...this.#issued.keys()].toSorted());
    const contacts = await rowsOf(store, "select count(*), count(distinct contact_id) from contact_record");
    expect(contacts.flat().map(Number)).toEqual([this.#contacts, this.#contacts]);
  }
}

export async function rowsOf(store: Store, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await store.query({ sql, limit: 1_000_000, timeoutMs: 30_000, scope: "internal" })).rows;
}
