import type { UnixMillis } from "../../../record.ts";

/**
 * What a contact at an agent amounts to:
 * - `engaged`: connected, on hold, paused, or the agent is dialling out. Amazon's "on contact".
 * - `ended`: after-contact work.
 * - `offered`: waits for the agent's answer.
 * - `missed`, `rejected`, `failed`: not answered, and not yet cleared.
 * - `monitoring`: a supervisor listens in; no customer contact of the supervisor's own.
 * - `other`: a state not known here on a contact that was never connected.
 */
export type ContactKind = "engaged" | "ended" | "offered" | "missed" | "rejected" | "failed" | "monitoring" | "other";

/** CONNECTING means dialling with these, and ringing with any other. A customer-first callback rings. */
const DIALLED_METHODS = new Set(["OUTBOUND", "EXTERNAL_OUTBOUND", "CALLBACK", "CAMPAIGN_PREVIEW", "AGENT_REPLY"]);

const KINDS: Readonly<Record<string, ContactKind>> = {
  // Streams offers chats, tasks and e-mails as INCOMING too, whatever the guide says of queued callbacks only
  INCOMING: "offered",
  PENDING: "offered",
  CONNECTED: "engaged",
  CONNECTED_ONHOLD: "engaged",
  PAUSED: "engaged",
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "failed",
  ENDED: "ended",
};

interface KindInput {
  readonly state: string;
  readonly initiation_method: string | null;
  readonly connected_to_agent_time: UnixMillis | null;
}

export function contactKindOf(contact: KindInput): ContactKind {
  if (contact.initiation_method === "MONITOR") return "monitoring";
  if (contact.state === "CONNECTING") return isDialled(contact.initiation_method) ? "engaged" : "offered";
  return KINDS[contact.state] ?? (contact.connected_to_agent_time === null ? "other" : "engaged");
}

/** True where the agent's side calls the customer. */
export function isDialled(initiationMethod: string | null): boolean {
  return initiationMethod !== null && DIALLED_METHODS.has(initiationMethod);
}

/** Contact time runs: Amazon's "on contact" and after-contact work. */
export function countsAsContact(kind: ContactKind): boolean {
  return kind === "engaged" || kind === "ended";
}
