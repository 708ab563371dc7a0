import type { Store } from "@fourwire/store";
import { LiveTail } from "../live-tail.ts";
import { deliver } from "../receivers/deliver.ts";
import { benchRecords, WRITERS } from "./bench-records.ts";

/** What a receiver reaches from a batch in memory to rows on disk; the network is not in it. */
export interface ReceiveFigure {
  readonly records: number;
  readonly megabytes: number;
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** The longest that requests had to wait for the event loop. */
  readonly longestTurnMs: number;
}

/** As many as Kinesis gives in one answer, and answers until the figure is steady. */
const BATCH_RECORDS = 10_000;
const BATCHES = 5;

/** Delivers full Kinesis batches of agent events, one after another, as catching up with a stream does. */
export async function measureReceiving(store: Store, from: number): Promise<ReceiveFigure> {
  const tail = new LiveTail();
  const { signal } = new AbortController();
  const turns = { longestMs: 0, last: performance.now() };
  let bytes = 0;
  let spentMs = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const span = { count: BATCH_RECORDS, from, stepMs: 10, contacts: 200 };
    const texts = [...benchRecords(WRITERS.agent_event, span, batch * BATCH_RECORDS)];
    const messages = texts.map((text, index) => ({ bytes: Buffer.from(text), origin: `bench/${batch}/${index}` }));
    bytes += messages.reduce((sum, message) => sum + message.bytes.length, 0);
    turns.last = performance.now();
    const ticking = setInterval(() => {
      turns.longestMs = Math.max(turns.longestMs, performance.now() - turns.last);
      turns.last = performance.now();
    }, 1);
    const started = performance.now();
    const { appended } = await deliver({ store, tail }, messages, signal);
    spentMs += performance.now() - started;
    clearInterval(ticking);
    if (appended !== BATCH_RECORDS)
      throw new Error(`expected ${BATCH_RECORDS} records of a batch, ${appended} were stored`);
  }
  tail.close();
  const records = BATCHES * BATCH_RECORDS;
  return {
    records,
    megabytes: Math.round(bytes / 1e6),
    recordsPerSecond: Math.round((records / spentMs) * 1000),
    megabytesPerSecond: Math.round(bytes / 1e3 / spentMs),
    longestTurnMs: Math.round(turns.longestMs),
  };
}
