import type { ContactChange } from "./contacts.ts";
import { normalizeChannel, oneLine } from "../../wire-values.ts";
import type { AgentContactWire, AgentEventWire } from "./wire.ts";

/** Contact changes spelt out in one message; an agent rarely holds more contacts than this. */
const SPELT_OUT_LIMIT = 3;

/** One readable line: "Available -> Break", "contact ENDED (VOICE, BasicQueue)", "logged in", "heartbeat: Available". */
export function describeAgentEvent(event: AgentEventWire, changes: readonly ContactChange[]): string {
  const status = event.CurrentAgentSnapshot?.AgentStatus?.Name;
  switch (event.EventType) {
    case "LOGIN":
      return "logged in";
    case "LOGOUT":
      return "logged out";
    case "HEART_BEAT":
      return oneLine(withStatus("heartbeat", status));
    case "STATE_CHANGE":
      return oneLine(describeChange(event, changes) ?? withStatus("no visible change", status));
    default:
      return oneLine(withStatus(event.EventType, status));
  }
}

function withStatus(text: string, status: string | undefined): string {
  return status === undefined ? text : `${text}: ${status}`;
}

function describeChange(event: AgentEventWire, changes: readonly ContactChange[]): string | undefined {
  const parts = [statusChange(event), ...changes.slice(0, SPELT_OUT_LIMIT).map(describeContact)];
  if (changes.length > SPELT_OUT_LIMIT) parts.push(`${changes.length - SPELT_OUT_LIMIT} more contacts changed`);
  parts.push(nextStatusChange(event), routingProfileChange(event));
  const text = parts.filter((part) => part !== undefined).join("; ");
  return text === "" ? undefined : text;
}

function statusChange(event: AgentEventWire): string | undefined {
  const now = event.CurrentAgentSnapshot?.AgentStatus?.Name;
  const before = event.PreviousAgentSnapshot?.AgentStatus?.Name;
  if (now === undefined || now === before) return undefined;
  return before === undefined ? `status ${now}` : `${before} -> ${now}`;
}

function nextStatusChange(event: AgentEventWire): string | undefined {
  const now = event.CurrentAgentSnapshot?.NextAgentStatus?.Name;
  const before = event.PreviousAgentSnapshot?.NextAgentStatus?.Name;
  return now === undefined || now === before ? undefined : `next status ${now}`;
}

function routingProfileChange(event: AgentEventWire): string | undefined {
  const now = event.CurrentAgentSnapshot?.Configuration?.RoutingProfile?.Name;
  const before = event.PreviousAgentSnapshot?.Configuration?.RoutingProfile?.Name;
  return now === undefined || before === undefined || now === before
    ? undefined
    : `routing profile ${before} -> ${now}`;
}

function describeContact(change: ContactChange): string {
  const state = change.contact.State ?? "without a state";
  return `contact ${change.isGone ? `cleared after ${state}` : state}${describePlace(change.contact)}`;
}

function describePlace(contact: AgentContactWire): string {
  const parts = [normalizeChannel(contact.Channel), contact.Queue?.Name].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
