import type { Store } from "@fourwire/store";
import { readContactTimeline } from "../contact-timeline.ts";
import { contactAt } from "./bench-records.ts";

export interface ReadFigure {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly wantedMs: number;
  readonly rounds: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A prime, so that the contacts looked at are spread over all days. */
const STRIDE = 97_900_013;

const PAGE_LIMIT = 200;
const BUCKETS = 120;

/** Times the reads that the page and the commands make. The first rounds warm up and are not counted. */
export async function measureReads(store: Store, span: Span, contacts: number): Promise<readonly ReadFigure[]> {
  const range = { ...span, terms: [] };
  return [
    await measure("contact, joined timeline", { wantedMs: 50, rounds: 200, warmUp: 20 }, async (round) => {
      const time = span.from + ((round * STRIDE) % (span.to - span.from));
      const timeline = await readContactTimeline(store, contactAt(time, round % contacts));
      if (timeline === undefined || timeline.entries.length === 0)
        throw new Error("a contact of the bench was not found");
    }),
    await measure("Explorer, first page and histogram", { wantedMs: 500, rounds: 20, warmUp: 3 }, async () => {
      await Promise.all([
        store.records.page({ ...range, limit: PAGE_LIMIT }),
        store.records.histogram(range, Math.ceil((span.to - span.from) / BUCKETS)),
      ]);
    }),
    await measure("Explorer, errors of the last day", { wantedMs: 500, rounds: 20, warmUp: 3 }, async () => {
      await store.records.page({
        from: span.to - 86_400_000,
        to: span.to,
        terms: [{ kind: "compare", field: "severity_number", operator: ">=", value: 17, isNegated: false }],
        limit: PAGE_LIMIT,
      });
    }),
  ];
}

interface Plan {
  readonly wantedMs: number;
  readonly rounds: number;
  readonly warmUp: number;
}

async function measure(name: string, plan: Plan, work: (round: number) => Promise<void>): Promise<ReadFigure> {
  const times: number[] = [];
  for (let round = 0; round < plan.warmUp + plan.rounds; round++) {
    const started = performance.now();
    await work(round);
    if (round >= plan.warmUp) times.push(performance.now() - started);
  }
  times.sort((left, right) => left - right);
  return { name, wantedMs: plan.wantedMs, rounds: plan.rounds, p50Ms: at(times, 0.5), p99Ms: at(times, 0.99) };
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
