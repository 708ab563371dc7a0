import type { ContactTimeline } from "@fourwire/core";
import type { View } from "../timeline/timeline-scale.ts";

/** What comes after the call may take this share of the first view; more of it would squeeze the call. */
const WRAP_UP_SHARE = 0.25;

/** From the contact's first sign to its last. A contact of a single instant still has a length. */
export function wholeContact({ from, to }: Pick<ContactTimeline, "from" | "to">): View {
  const fromMs = Date.parse(from);
  return { fromMs, toMs: Math.max(fromMs + 1, Date.parse(to)) };
}

/**
 * What the page opens on: the contact, with long after-contact work cut short. The call ends where the last
 * after-contact work begins; a contact without any is shown whole.
 */
export function openingSpan(timeline: Pick<ContactTimeline, "from" | "to" | "lanes">): View {
  const whole = wholeContact(timeline);
  const wrapUps = timeline.lanes
    .filter((lane) => lane.name === "agent_leg")
    .flatMap((lane) => lane.spans)
    .filter((span) => span.kind === "ENDED")
    .map((span) => Date.parse(span.from));
  const callEndMs = Math.max(...wrapUps);
  if (!Number.isFinite(callEndMs) || callEndMs <= whole.fromMs) return whole;
  const roomMs = ((callEndMs - whole.fromMs) * WRAP_UP_SHARE) / (1 - WRAP_UP_SHARE);
  return { fromMs: whole.fromMs, toMs: Math.min(whole.toMs, callEndMs + roomMs) };
}
