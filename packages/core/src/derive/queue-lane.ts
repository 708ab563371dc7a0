import type { Lane } from "../api.ts";
import type { UnixMillis } from "../record.ts";
import type { ContactFacts, Fact } from "./contact-facts.ts";
import { SAME_INSTANT_MS } from "./contact-facts.ts";
import { makeLane, makeSpan } from "./lane.ts";

/** One wait in a queue. `left` is out of the queue by another way: a queue transfer, a callback, another queue. */
export interface QueueStay {
  readonly from: UnixMillis;
  /** Undefined while the contact waits. */
  readonly to: UnixMillis | undefined;
  readonly outcome: "waiting" | "answered" | "abandoned" | "left";
  /** The queue's name, or its id where no wire tells the name. */
  readonly queue: string | undefined;
  readonly hasName: boolean;
  readonly recordIds: readonly string[];
}

export function deriveQueueStays(facts: ContactFacts): QueueStay[] {
  // Agent-dialled contacts name the agent's outbound queue, but nobody waits in it.
  if (facts.initiationMethod?.value === "OUTBOUND") return [];
  const name = facts.queueName ?? facts.queueId;
  return facts.enqueues.map((enqueue, index) => {
    const end = stayEnd(enqueue, facts.enqueues[index + 1], facts);
    const sources = [enqueue, end?.fact, name].filter((fact) => fact !== undefined);
    return {
      from: enqueue.value,
      to: end?.fact.value,
      outcome: end?.outcome ?? "waiting",
      queue: name?.value,
      hasName: facts.queueName !== undefined,
      recordIds: [...new Set(sources.map((fact) => fact.recordId))],
    };
  });
}

interface StayEnd {
  readonly fact: Fact<UnixMillis>;
  readonly outcome: "answered" | "abandoned" | "left";
}

/**
 * Answered at the agent's connect; left at the next queue, or where the contact record says it was dequeued into another
 * contact; else abandoned at the disconnect. Contact records count in seconds, so an end may seem to precede its start.
 */
function stayEnd(
  enqueue: Fact<UnixMillis>,
  next: Fact<UnixMillis> | undefined,
  facts: ContactFacts,
): StayEnd | undefined {
  const isAfter = (fact: Fact<UnixMillis> | undefined): fact is Fact<UnixMillis> =>
    fact !== undefined && fact.value > enqueue.value - SAME_INSTANT_MS;
  const clamp = (fact: Fact<UnixMillis>) => (fact.value < enqueue.value ? { ...fact, value: enqueue.value } : fact);
  const connected = facts.connectedToAgent;
  if (isAfter(connected) && (next === undefined || connected.value <= next.value)) {
    return { fact: clamp(connected), outcome: "answered" };
  }
  if (next !== undefined) return { fact: next, outcome: "left" };
  const isTransferred = facts.record?.next_contact_id !== undefined && facts.record.next_contact_id !== null;
  if (isTransferred && isAfter(facts.dequeue)) return { fact: clamp(facts.dequeue), outcome: "left" };
  if (!isAfter(facts.disconnect)) return undefined;
  return { fact: clamp(facts.disconnect), outcome: isTransferred ? "left" : "abandoned" };
}

/** The queue lane: from entering the queue to the agent's answer, the customer's end, or another queue. */
export function deriveQueueLane(stays: readonly QueueStay[]): Lane {
  return makeLane("queue", null, {
    spans: stays.map((stay) =>
      makeSpan({
        from: stay.from,
        to: stay.to,
        label: stay.queue ?? "queue",
        kind: stay.outcome,
        isProblem: stay.outcome === "abandoned",
        recordIds: stay.recordIds,
      }),
    ),
  });
}
