import type { ReceivedMessage } from "../receiver.ts";
import { openAggregate } from "./aggregate.ts";

/** What is read of a Kinesis record. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
}

/**
 * The messages of a Kinesis record: itself, or the records of a KPL aggregate. `place` is the stream and shard. Parts
 * of an aggregate whose hash key belongs to another shard are kept: the KCL drops them because the KPL sends them
 * again after a reshard, but other producers of the format do not, and what does come twice is a duplicate by its
 * record id.
 */
export function* recordMessages(place: string, record: StreamRecord): Generator<ReceivedMessage> {
  const origin = `kinesis:${place}/${record.sequenceNumber}`;
  const aggregate = openAggregate(record.data);
  if (aggregate === undefined) {
    yield { bytes: record.data, origin };
    return;
  }
  if (!aggregate.ok) {
    yield { bytes: record.data, origin, fault: { reason: "corrupt_aggregate", detail: aggregate.detail } };
    return;
  }
  let subSequence = 0;
  // a dot, not a slash: the last part of an origin tells rejections apart
  for (const bytes of aggregate.parts) yield { bytes, origin: `${origin}.${subSequence++}` };
}
