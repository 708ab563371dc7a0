import type { ContactHeadline } from "../api.ts";
import type { UnixMillis } from "../record.ts";
import type { AgentLeg } from "./agent-leg.ts";
import type { ContactEvidence } from "./contact-evidence.ts";
import { hasEnded } from "./contact-evidence.ts";
import { OPEN_LEG_PAD_MS } from "./contact-window.ts";
import { formatClock, formatDuration, shortenId } from "./duration-text.ts";
import type { Clause, ProblemInput } from "./headline-problems.ts";
import { problemClauses } from "./headline-problems.ts";
import type { QueueStay } from "./queue-lane.ts";

const CHANNEL_WORDS: Readonly<Record<string, string>> = { VOICE: "voice", CHAT: "chat", TASK: "task", EMAIL: "email" };

const METHOD_WORDS: Readonly<Record<string, string>> = {
  INBOUND: "Inbound",
  OUTBOUND: "Outbound",
  TRANSFER: "Transferred",
  QUEUE_TRANSFER: "Queue-transferred",
  CALLBACK: "Callback",
  API: "API-started",
  WEBRTC_API: "WebRTC",
  MONITOR: "Monitored",
  EXTERNAL_OUTBOUND: "External outbound",
};

/** The sentence at the top: what it was, how long it waited, who had it, then what went wrong or stands out. */
export function deriveHeadline(input: ProblemInput): ContactHeadline {
  const { evidence, stays } = input;
  const { facts } = evidence;
  return {
    clauses: [
      contactClause(evidence),
      ...stays.flatMap((stay) => stayClause(stay, evidence.now)),
      ...agentClauses(evidence),
      ...problemClauses(input),
    ],
    channel: facts.channel?.value ?? null,
    initiation_method: facts.initiationMethod?.value ?? null,
    queue: facts.queueName?.value ?? facts.queueId?.value ?? null,
    duration_ms: durationOf(evidence) ?? null,
  };
}

/** From the contact's initiation (else its first sign) to its disconnect; not known while it goes on. */
function durationOf({ facts, window }: ContactEvidence): number | undefined {
  if (facts.disconnect === undefined) return undefined;
  return Math.max(0, facts.disconnect.value - startOf({ facts, window }));
}

function startOf({ facts, window }: Pick<ContactEvidence, "facts" | "window">): UnixMillis {
  return facts.initiation?.value ?? window.from;
}

function contactClause(evidence: ContactEvidence): Clause {
  const { facts } = evidence;
  const sources = [facts.channel, facts.initiationMethod, facts.initiation, facts.disconnect];
  const recordIds = [...new Set(sources.flatMap((fact) => (fact === undefined ? [] : [fact.recordId])))];
  return { text: `${kindOf(evidence)}${lengthOf(evidence)}`, record_ids: recordIds, is_problem: false };
}

function kindOf({ facts }: ContactEvidence): string {
  const channel = facts.channel?.value;
  const method = facts.initiationMethod?.value;
  const noun = channel === undefined ? "contact" : (CHANNEL_WORDS[channel] ?? channel.toLowerCase());
  const words = method === undefined ? noun : `${METHOD_WORDS[method] ?? spellOut(method)} ${noun}`;
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A value newer than this list still reads as words: AGENT_REPLY, "Agent reply". */
function spellOut(method: string): string {
  const words = method.toLowerCase().replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function lengthOf(evidence: ContactEvidence): string {
  const durationMs = durationOf(evidence);
  if (durationMs !== undefined) return `, ${formatDuration(durationMs)}`;
  const since = formatClock(startOf(evidence));
  const isLive = !hasEnded(evidence) && evidence.now - evidence.window.to <= OPEN_LEG_PAD_MS;
  return isLive ? `, going on since ${since}` : ` from ${since}, its end was not received`;
}

function stayClause(stay: QueueStay, now: UnixMillis): Clause[] {
  // The end of an abandoned wait is a problem, told with its wait by `problemClauses`.
  if (stay.outcome === "abandoned") return [];
  const waited = formatDuration((stay.to ?? now) - stay.from);
  const text = `${queueTitle(stay)}, ${stay.outcome === "waiting" ? `waiting for ${waited}` : `waited ${waited}`}`;
  return [{ text, record_ids: stay.recordIds, is_problem: false }];
}

/** "Support queue"; a queue already called "Support queue" is not doubled, one known by its id only is "Queue 0a1b2c3d". */
function queueTitle({ queue, hasName }: QueueStay): string {
  if (queue === undefined) return "In a queue";
  if (!hasName) return `Queue ${shortenId(queue)}`;
  return /queue$/i.test(queue) ? queue : `${queue} queue`;
}

const TALKING_STATES: ReadonlySet<string> = new Set(["CONNECTED", "CONNECTED_ONHOLD", "PAUSED", "ENDED"]);

/** Those who had the contact, in order; a supervisor listening in is said to be one. */
function agentClauses({ legs, identity }: ContactEvidence): Clause[] {
  const clauses = new Map<string, Clause>();
  for (const leg of legs) {
    const text = agentText(leg, identity.nameOf(leg.agentId));
    if (text === undefined || clauses.has(text)) continue;
    clauses.set(text, { text, record_ids: leg.spans.flatMap((span) => span.recordIds).slice(0, 1), is_problem: false });
  }
  return [...clauses.values()];
}

function agentText(leg: AgentLeg, name: string): string | undefined {
  if (leg.initiationMethod === "MONITOR") return `monitored by ${name}`;
  if (leg.evidence === "ccp_log") return `${name} (by the CCP log only)`;
  return leg.spans.some((span) => TALKING_STATES.has(span.state)) ? name : undefined;
}
