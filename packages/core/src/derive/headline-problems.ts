import type { ContactHeadline } from "../api.ts";
import type { UnixMillis } from "../record.ts";
import { FAILED_STATES } from "./agent-leg-lane.ts";
import type { AudioLoss } from "./audio-loss.ts";
import type { ContactEvidence } from "./contact-evidence.ts";
import { changedResource } from "./contact-window.ts";
import { formatClock, formatDuration, sayDuration, shortenId } from "./duration-text.ts";
import type { FlowBlockRun } from "./flow-lane.ts";
import { flowBlockTitle, lambdaNameOf } from "./flow-lane.ts";
import type { QueueStay } from "./queue-lane.ts";
import type { TimelineRow } from "./timeline-row.ts";
import { isTrue, textOf } from "./timeline-row.ts";

export type Clause = ContactHeadline["clauses"][number];

export interface ProblemInput {
  readonly evidence: ContactEvidence;
  readonly stays: readonly QueueStay[];
  readonly losses: readonly AudioLoss[];
  readonly runs: readonly FlowBlockRun[];
}

/** More of one kind is a pattern, not news: the rest is counted in one clause. */
const CLAUSES_OF_A_KIND = 3;

/** Ends that the network or the platform caused (AWS, DisconnectReason of contact records, read 2026-11-20). */
const BAD_ENDS: ReadonlySet<string> = new Set([
  "TELECOM_PROBLEM",
  "TELECOM_TIMEOUT",
  "TELECOM_POTENTIAL_BLOCKING",
  "AGENT_NETWORK_DISCONNECT",
  "CUSTOMER_CONNECTION_NOT_ESTABLISHED",
  "SYSTEM_ERROR",
]);

/** What went wrong (`is_problem`) or stands out, in the order in which it explains a contact. */
export function problemClauses(input: ProblemInput): Clause[] {
  const { evidence } = input;
  return [
    ...limited(lossClauses(input.losses), "losses of audio"),
    ...limited(softphoneClauses(evidence.own), "softphone failures"),
    ...limited(flowClauses(input), "failed flow blocks"),
    ...limited(failedLegClauses(evidence), "failed offers"),
    ...input.stays.flatMap(abandonClause),
    ...endClause(evidence),
    ...transferClause(evidence),
    ...configurationClauses(evidence),
  ];
}

function limited(clauses: readonly Clause[], plural: string): Clause[] {
  if (clauses.length <= CLAUSES_OF_A_KIND) return [...clauses];
  const rest = clauses.slice(CLAUSES_OF_A_KIND);
  const text = `${rest.length} more ${plural}`;
  return [
    ...clauses.slice(0, CLAUSES_OF_A_KIND),
    { text, record_ids: rest.flatMap((clause) => clause.record_ids), is_problem: true },
  ];
}

function lossClauses(losses: readonly AudioLoss[]): Clause[] {
  return losses.map(({ from, to, recordIds }) => {
    const lasted = to === undefined ? "" : ` for ${formatDuration(to - from)}`;
    const end = to === undefined ? " and no recovery was logged" : "";
    return {
      text: `Audio was lost${lasted} at ${formatClock(from)}${end} (ICE)`,
      record_ids: recordIds,
      is_problem: true,
    };
  });
}

const SOFTPHONE_FAILURES: ReadonlyMap<string, string> = new Map([
  ["softphone_error", "softphone error"],
  ["ice_no_candidate", "no network path for audio (ICE)"],
  ["mic_denied", "the microphone was not available"],
  ["signaling_failed", "the signaling server was not reached"],
  ["handshake_failed", "the call's handshake failed"],
]);

function softphoneClauses(own: readonly TimelineRow[]): Clause[] {
  const clauses = new Map<string, { text: string; record_ids: string[]; is_problem: true }>();
  for (const row of own) {
    const words = row.source === "ccp_log" ? SOFTPHONE_FAILURES.get(row.event_name) : undefined;
    if (words === undefined) continue;
    const known = clauses.get(words);
    if (known === undefined) {
      clauses.set(words, {
        text: `${words} at ${formatClock(row.event_time)}`,
        record_ids: [row.record_id],
        is_problem: true,
      });
    } else {
      known.record_ids.push(row.record_id);
    }
  }
  return [...clauses.values()];
}

function flowClauses({ runs, stays }: ProblemInput): Clause[] {
  const failures = new Map<string, string[]>();
  for (const { entry, exit } of runs) {
    const failed = [exit, entry].find((row) => row !== undefined && isTrue(row, "is_error"));
    if (failed === undefined) continue;
    const lambda = lambdaNameOf(entry) ?? lambdaNameOf(failed);
    const block = lambda === undefined ? `flow block \`${flowBlockTitle({ entry, exit })}\`` : `Lambda \`${lambda}\``;
    const key = `${block} failed\n${phaseOf(entry.event_time, stays)}`;
    failures.set(key, [...(failures.get(key) ?? []), failed.record_id]);
  }
  return [...failures].map(([key, recordIds]) => {
    const [failure, phase] = key.split("\n");
    const times = recordIds.length === 1 ? "" : ` ${recordIds.length} times`;
    return { text: `${failure}${times} ${phase}`, record_ids: recordIds, is_problem: true };
  });
}

function phaseOf(time: UnixMillis, stays: readonly QueueStay[]): string {
  const first = stays[0];
  if (first === undefined) return "in the flow";
  if (time < first.from) return "before the queue";
  return stays.some((stay) => time >= stay.from && (stay.to === undefined || time < stay.to))
    ? "in the queue"
    : "after the queue";
}

const FAILED_WORDS: Readonly<Record<string, string>> = {
  MISSED: "missed",
  REJECTED: "rejected",
  ERROR: "failed to connect",
};

function failedLegClauses({ legs, identity }: ContactEvidence): Clause[] {
  const clauses = new Map<string, string[][]>();
  for (const leg of legs) {
    for (const span of leg.spans.filter(({ state }) => FAILED_STATES.has(state))) {
      const preposition = span.state === "ERROR" ? "to" : "by";
      const key = `${FAILED_WORDS[span.state] ?? span.state}\n${preposition} ${identity.loginOf(leg.agentId)}`;
      clauses.set(key, [...(clauses.get(key) ?? []), [...span.recordIds]]);
    }
  }
  return [...clauses].map(([key, spans]) => {
    const [verb, agent] = key.split("\n");
    const times = spans.length === 1 ? "" : `${spans.length} times `;
    return { text: `${verb} ${times}${agent}`, record_ids: spans.flat(), is_problem: true };
  });
}

function abandonClause(stay: QueueStay): Clause[] {
  if (stay.outcome !== "abandoned" || stay.to === undefined) return [];
  const queue = stay.queue === undefined ? "queue" : `queue ${shortenId(stay.queue)}`;
  const text = `abandoned in ${queue} after ${formatDuration(stay.to - stay.from)}`;
  return [{ text, record_ids: stay.recordIds, is_problem: true }];
}

function endClause({ facts }: ContactEvidence): Clause[] {
  const reason = facts.disconnectReason;
  if (reason === undefined || !BAD_ENDS.has(reason.value)) return [];
  return [{ text: `ended by ${reason.value}`, record_ids: [reason.recordId], is_problem: true }];
}

function transferClause({ facts }: ContactEvidence): Clause[] {
  const record = facts.record;
  if (record === undefined) return [];
  const target = textOf(record, "transferred_to");
  const isTransferred = target !== undefined || typeof record.transfer_completed_time === "number";
  if (!isTransferred) return [];
  return [{ text: `transferred to ${target ?? "another contact"}`, record_ids: [record.record_id], is_problem: false }];
}

/** Publishing replaces a flow's content; a new version follows it. */
const PUBLISHES = /(?:FlowContent|FlowModuleContent|FlowVersion|FlowModuleVersion)$/;

/** The last change of each kind of resource. A change is told, not blamed: a calm page has no problems. */
function configurationClauses({ related, window }: ContactEvidence): Clause[] {
  const latest = new Map<string, TimelineRow>();
  for (const { row, relation } of related) {
    const resource = relation === "configuration" ? changedResource(row, window) : undefined;
    if (resource !== undefined) latest.set(resource, row);
  }
  return [...latest].map(([resource, row]) => ({
    text: changeText(resource, row, window.from),
    record_ids: [row.record_id],
    is_problem: false,
  }));
}

function changeText(resource: string, row: TimelineRow, began: UnixMillis): string {
  const isPublish = resource === "flow" && PUBLISHES.test(row.event_name);
  const subject = resource === "agent" ? "the settings of the agent" : `the ${resource}`;
  const verb = isPublish ? "published" : "changed";
  const call = isPublish ? "" : ` (${row.event_name})`;
  if (row.event_time < began)
    return `${subject} had been ${verb} ${sayDuration(began - row.event_time)} earlier${call}`;
  const auxiliary = resource === "agent" ? "were" : "was";
  return `${subject} ${auxiliary} ${verb} during the contact, at ${formatClock(row.event_time)}${call}`;
}
