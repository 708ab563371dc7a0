import { unixMillis } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import { compareText } from "../timeline-row.ts";
import type { AgentOffer, AgentOfferCause } from "./types/agent-offer.ts";
import type { CcpLine, ContactSign, OfferEvidence } from "./types/offer-evidence.ts";

/** A CCP that logged nothing this long before and after an offer is taken for one without a collector, not for a silent one. */
export const OFFER_EVIDENCE_MS = 1_800_000;

/** The CCP asks for a snapshot at least every 30 s; without an answer for longer it cannot know of an offer. */
const API_GAP_MS = 35_000;
/** Contact records give whole seconds, and Connect needs a moment to take back an offer from somebody who hung up. */
const DISCONNECT_SLACK_MS = 1_500;

/** CCP lines carry the browser's clock. */
const CLOCK_SLACK_MS = 2_000;

/** Reasons that are not the customer's doing. Without a reason, who disconnected while it rang was the customer. */
const OTHER_REASONS = new Set([
  "AGENT_DISCONNECT",
  "CONTACT_FLOW_DISCONNECT",
  "API",
  "EXPIRED",
  "AGENT_NETWORK_DISCONNECT",
]);

/** Events of a CCP log that say why a connection could not be made. */
const FAILURES: ReadonlySet<string> = new Set([
  "mic_denied",
  "ice_no_candidate",
  "ice_failed",
  "signaling_failed",
  "handshake_failed",
  "session_failed",
  "softphone_error",
  "call_not_found",
  "too_many_sessions",
  "user_busy",
]);

const REPLIES: ReadonlySet<string> = new Set(["api_reply", "snapshot"]);

interface Finding {
  readonly cause: AgentOfferCause;
  readonly detail: string;
  readonly recordIds: readonly string[];
}

interface EndedOffer {
  readonly offer: AgentOffer;
  readonly from: UnixMillis;
  readonly to: UnixMillis;
  /** Lines within the offer, in time order. */
  readonly lines: readonly CcpLine[];
  /** All lines of the evidence, in time order. */
  readonly allLines: readonly CcpLine[];
  readonly signs: readonly ContactSign[];
}

/** The same offers, those that were not answered with the cause the evidence shows. */
export function explainOffers(offers: readonly AgentOffer[], evidence: OfferEvidence): AgentOffer[] {
  const lines = uniqueByRecord(evidence.ccpLines).sort(byTime);
  return offers.map((offer) => {
    if (offer.end_time === null || !isUnanswered(offer)) return offer;
    const [from, to] = [offer.offered_time, offer.end_time];
    const finding = findCause({
      offer,
      from,
      to,
      lines: linesWithin(lines, { from: unixMillis(from - CLOCK_SLACK_MS), to: unixMillis(to + CLOCK_SLACK_MS) }),
      allLines: linesWithin(lines, {
        from: unixMillis(from - OFFER_EVIDENCE_MS),
        to: unixMillis(to + OFFER_EVIDENCE_MS),
      }),
      signs: evidence.contactSigns.filter((sign) => sign.contact_id === offer.contact_id),
    });
    return {
      ...offer,
      cause: finding.cause,
      cause_detail: finding.detail,
      evidence_record_ids: [...new Set(finding.recordIds)],
    };
  });
}

function isUnanswered(offer: AgentOffer): boolean {
  return offer.outcome !== null && offer.outcome !== "answered" && offer.outcome !== "unknown";
}

function findCause(ended: EndedOffer): Finding {
  return (
    findAbandon(ended) ??
    findDecline(ended) ??
    findAcceptFailure(ended) ??
    findConnectionFailure(ended) ??
    findRejected(ended) ??
    findSilence(ended) ??
    findApiGap(ended) ??
    findNoReaction(ended) ?? {
      cause: "not_known",
      detail: "no CCP log, contact event or contact record tells",
      recordIds: [],
    }
  );
}

function findAbandon({ from, to, signs }: EndedOffer): Finding | undefined {
  const told = signs.filter((sign) => {
    const time = sign.disconnect_time ?? undefined;
    if (time === undefined || OTHER_REASONS.has(sign.disconnect_reason ?? "")) return false;
    return time >= from - DISCONNECT_SLACK_MS && time <= to + DISCONNECT_SLACK_MS;
  });
  if (told.length === 0) return undefined;
  const recordIds = told.map((sign) => sign.record_id).sort(compareText);
  return { cause: "customer_abandoned", detail: "the customer disconnected while it rang", recordIds };
}

function findDecline({ lines }: EndedOffer): Finding | undefined {
  const rejects = lines.filter((line) => line.event_name === "api_call" && line.operation === "rejectContact");
  return rejects.length === 0 ? undefined : ofLines("agent_declined", "the CCP called rejectContact", rejects);
}

function findAcceptFailure({ lines }: EndedOffer): Finding | undefined {
  const failures = lines.filter(
    (line) =>
      line.event_name === "accept_failed" || (line.event_name === "api_failed" && line.operation === "acceptContact"),
  );
  return failures.length === 0
    ? undefined
    : ofLines("api_gap", "the agent accepted, and acceptContact failed", failures);
}

function findConnectionFailure({ lines }: EndedOffer): Finding | undefined {
  const failures = lines.filter((line) => FAILURES.has(line.event_name));
  const [first] = failures;
  return first && ofLines("connection_failed", `the CCP logged ${first.event_name}`, failures);
}

function findSilence({ from, lines, allLines }: EndedOffer): Finding | undefined {
  if (lines.length > 0 || allLines.length === 0) return undefined;
  // the silence lies between the last line before and the first after
  const before = allLines.filter((line) => line.event_time < from).slice(-1);
  const after = allLines.filter((line) => line.event_time > from).slice(0, 1);
  return ofLines("browser_silent", "the CCP logged nothing while it rang", [...before, ...after]);
}

function findApiGap({ to, lines, allLines }: EndedOffer): Finding | undefined {
  const replies = allLines.filter((line) => REPLIES.has(line.event_name));
  const before = replies.findLast((line) => line.event_time <= to);
  if (replies.length === 0 || (before !== undefined && to - before.event_time <= API_GAP_MS)) return undefined;
  const seconds = before === undefined ? undefined : Math.round((to - before.event_time) / 1000);
  const detail =
    seconds === undefined
      ? "the CCP had no answer from Connect before the end"
      : `the CCP had no answer from Connect for ${seconds} s`;
  return ofLines("api_gap", detail, before === undefined ? lines.slice(0, 1) : [before]);
}

function findNoReaction({ offer, lines }: EndedOffer): Finding | undefined {
  const shown = lines.filter((line) => line.contact_id === offer.contact_id);
  if (shown.length === 0) return undefined;
  return ofLines("agent_did_not_answer", "the CCP showed the contact and the agent did not react", shown.slice(0, 1));
}

function findRejected({ offer }: EndedOffer): Finding | undefined {
  if (offer.outcome !== "rejected") return undefined;
  // of 2026; before, a voice call that the agent rejects shows as MISSED
  return {
    cause: "agent_declined",
    detail: "Connect says REJECTED and no disconnect of the customer is known",
    recordIds: [],
  };
}

function ofLines(cause: AgentOfferCause, detail: string, lines: readonly CcpLine[]): Finding {
  return { cause, detail, recordIds: lines.map((line) => line.record_id) };
}

function uniqueByRecord(lines: readonly CcpLine[]): CcpLine[] {
  return [...new Map(lines.map((line) => [line.record_id, line])).values()];
}

function byTime(left: CcpLine, right: CcpLine): number {
  return left.event_time - right.event_time || compareText(left.record_id, right.record_id);
}

function linesWithin(
  lines: readonly CcpLine[],
  span: { readonly from: UnixMillis; readonly to: UnixMillis },
): readonly CcpLine[] {
  return lines.filter((line) => line.event_time >= span.from && line.event_time <= span.to);
}
