import { deriveAgent, explainOffers, unixMillis, type AgentDerivation, type UnixMillis } from "@fourwire/core";
import { carryOf, type Person, type Store } from "@fourwire/store";

const DAY_MS = 86_400_000;

/** Events this long after the span are read as well: the first of them tells whether the end lies in a gap. */
const AFTER_MS = 30 * 60_000;

/** What an agent's events say about a span, worked out on the spot from the day before it. */
export async function deriveSpan(
  store: Store,
  person: Person,
  span: { readonly from: UnixMillis; readonly to: UnixMillis },
): Promise<AgentDerivation> {
  // the carry of the day before is what all else builds on
  await store.agentDays.settle({ agentIds: person.agentIds, lastDate: dateOf(span.from - DAY_MS) });
  const before = await store.derived.dayBefore(person.personId, span.from);
  const dayStart = Math.floor(span.from / DAY_MS) * DAY_MS;
  const events = await store.derived.events(person.agentIds, dayStart, span.to + AFTER_MS);
  const derivation = deriveAgent(events, {
    from: span.from,
    to: span.to,
    carry: before === undefined ? undefined : carryOf(before.carry),
    agentId: person.personId,
  });
  const evidence = (await store.offerEvidence.read([{ personId: person.personId, derivation }], [person])).get(
    person.personId,
  );
  const offers = evidence === undefined ? derivation.offers : explainOffers(derivation.offers, evidence);
  return within({ ...derivation, offers }, span.from);
}

/** Without what had ended before the span: the derivation began with its day. */
function within(derivation: AgentDerivation, from: UnixMillis): AgentDerivation {
  const reaches = (row: { readonly end_time: UnixMillis | null }): boolean =>
    row.end_time === null || row.end_time > from;
  return {
    ...derivation,
    from_time: unixMillis(from),
    after_contact_work: derivation.after_contact_work.filter(reaches),
    offers: derivation.offers.filter(reaches),
    contact_states: derivation.contact_states.filter(reaches),
    login_sessions: derivation.login_sessions.filter(reaches),
    gaps: derivation.gaps.filter(reaches),
  };
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
