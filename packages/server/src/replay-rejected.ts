import { SOURCE_NAMES, unixMillis, type RecordBatch } from "@fourwire/core";
import type { RejectedInput, ReplayableRecord, ReplayOutcome, ReplaySelection, Store } from "@fourwire/store";
import { MessageDecoder } from "./receivers/message-decoder.ts";

/** What replaying did. */
export interface ReplayReport {
  /** Rejected records that were selected. */
  readonly selected: number;
  /** Of those: decoded now, and no longer rejected. */
  readonly recovered: number;
  /** Still rejected; their count of attempts is one higher. */
  readonly still_rejected: number;
  /** Not tried, because their bytes were cut when they were kept: deliver the original again. */
  readonly cut: number;
  /** Not tried, because a token's rights refused them: they are replayed only by their reason. */
  readonly not_allowed: number;
  /** Records that were stored, and that were stored already. */
  readonly appended: number;
  readonly duplicate: number;
}

export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
}

export interface ReplayOptions {
  readonly store: Store;
  readonly selection: ReplaySelection;
  readonly now: number;
  readonly onProgress?: ((progress: ReplayProgress) => void) | undefined;
}

/** Decoding would let in what a token was not allowed to send; an operator has to ask for that. */
const REFUSED = "not_allowed";

/** Decodes rejected records again, page by page; each page is one transaction that stores records and settles their rows. */
export async function replayRejected(options: ReplayOptions): Promise<ReplayReport> {
  const { store, selection, now } = options;
  const { selected, cut } = await store.countReplayable(selection);
  const report = { selected, recovered: 0, still_rejected: 0, cut, not_allowed: 0, appended: 0, duplicate: 0 };
  let after = "";
  for (let done = cut; ;) {
    const page = await store.readReplayable(selection, { rejectedId: after, startedTime: now });
    const last = page.at(-1);
    if (last === undefined) return report;
    after = last.rejectedId;
    const allowed = page.filter((record) => record.reason !== REFUSED || selection.reason === REFUSED);
    report.not_allowed += page.length - allowed.length;
    const batches: RecordBatch[] = [];
    const outcomes: ReplayOutcome[] = [];
    for (const record of allowed) {
      const decoded = await decodeAgain(record);
      batches.push(...decoded.batches);
      outcomes.push({ rejectedId: record.rejectedId, rejected: decoded.rejected, replayCount: record.replayCount });
      if (decoded.rejected.length === 0) report.recovered++;
      else report.still_rejected++;
    }
    const result = await store.append({ batches, rejected: [], replayed: outcomes });
    for (const counts of result.sources.values()) {
      report.appended += counts.appended;
      report.duplicate += counts.duplicate;
    }
    done += page.length;
    options.onProgress?.({ done, total: selected });
  }
}

/** What the record's bytes are now. Bytes that hold nothing at all are still what they were. */
async function decodeAgain(
  record: ReplayableRecord,
): Promise<{ readonly batches: readonly RecordBatch[]; readonly rejected: readonly RejectedInput[] }> {
  const decoder = new MessageDecoder({
    source: SOURCE_NAMES.find((source) => source === record.source),
    observedTime: unixMillis(record.rejectedTime),
    ...(record.carrier === undefined ? {} : { carrier: record.carrier }),
  });
  const batches: RecordBatch[] = [];
  const rejected: RejectedInput[] = [];
  const collect = async (): Promise<void> => {
    const decoded = decoder.take();
    batches.push(...decoded.batches);
    rejected.push(...decoded.rejected);
    await Promise.resolve();
  };
  await decoder.decode({ bytes: record.body, origin: record.origin }, collect);
  await collect();
  const isEmpty = batches.length === 0 && rejected.length === 0 && Object.keys(decoder.takeDropped()).length === 0;
  if (!isEmpty) return { batches, rejected };
  return {
    batches,
    rejected: [
      {
        source: record.source,
        reason: record.reason,
        detail: "no record in it",
        origin: record.origin,
        position: record.position,
        size_bytes: record.body.length,
        body: record.body,
      },
    ],
  };
}
