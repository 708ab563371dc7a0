import { createHash } from "node:crypto";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/**
 * One Kinesis record that holds several, as the Kinesis Producer Library (KPL) writes it: four magic bytes, a protobuf
 * message, and the MD5 of that message.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md (read 2026-11-20)
 *
 *   AggregatedRecord { 1: partition_key_table (repeated string), 2: explicit_hash_key_table (repeated string),
 *                      3: records (repeated Record) }
 *   Record           { 1: partition_key_index, 2: explicit_hash_key_index (optional), 3: data, 4: tags }
 */
const MAGIC = Buffer.from("f3899ac2", "hex");
const CHECKSUM_BYTES = 16;

export type Aggregate = { readonly ok: true; readonly parts: Iterable<Uint8Array> } | AggregateFault;

export interface AggregateFault {
  readonly ok: false;
  readonly detail: string;
}

/**
 * The records inside an aggregate, in order, read one at a time; undefined when the bytes are no aggregate. The whole
 * message is looked through before the first part is given out, so that a damaged one yields none.
 */
export function openAggregate(bytes: Uint8Array): Aggregate | undefined {
  if (bytes.length < MAGIC.length || MAGIC.compare(bytes, 0, MAGIC.length) !== 0) return undefined;
  if (bytes.length < MAGIC.length + CHECKSUM_BYTES) return { ok: false, detail: "KPL aggregate without a checksum" };
  const message = bytes.subarray(MAGIC.length, bytes.length - CHECKSUM_BYTES);
  const checksum = createHash("md5").update(message).digest();
  if (checksum.compare(bytes, bytes.length - CHECKSUM_BYTES) !== 0)
    return { ok: false, detail: "KPL aggregate with a wrong checksum" };
  try {
    checkMessage(message);
  } catch (error) {
    // the reader throws for whatever is not protobuf
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, detail: `KPL aggregate that is not its protobuf message: ${reason}` };
  }
  return { ok: true, parts: readParts(message) };
}

/** Reads everything once. Throws when the message is not what the format says, as the KCL does. */
function checkMessage(message: Uint8Array): void {
  const tables = { partitionKeys: 0, hashKeys: 0 };
  const highest = { partitionKey: -1, hashKey: -1 };
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field < 1 || field > 3) {
      reader.skip(type, field);
      continue;
    }
    const bytes = reader.bytes();
    if (field === 1) tables.partitionKeys++;
    if (field === 2) tables.hashKeys++;
    if (field !== 3) continue;
    const record = readRecord(bytes);
    if (record.data === undefined) throw new Error("a record has no data");
    highest.partitionKey = Math.max(highest.partitionKey, record.partitionKeyIndex);
    highest.hashKey = Math.max(highest.hashKey, record.hashKeyIndex);
  }
  if (highest.partitionKey >= tables.partitionKeys) throw new Error("a record names a partition key that is not there");
  if (highest.hashKey >= tables.hashKeys) throw new Error("a record names a hash key that is not there");
}

function* readParts(message: Uint8Array): Generator<Uint8Array> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 3) reader.skip(type, field);
    else yield readRecord(reader.bytes()).data ?? new Uint8Array();
  }
}

interface AggregatedRecord {
  partitionKeyIndex: number;
  /** -1 when the record has no explicit hash key. */
  hashKeyIndex: number;
  data: Uint8Array | undefined;
}

function readRecord(bytes: Uint8Array): AggregatedRecord {
  const record: AggregatedRecord = { partitionKeyIndex: 0, hashKeyIndex: -1, data: undefined };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) record.partitionKeyIndex = Number(reader.uint64());
    else if (field === 2) record.hashKeyIndex = Number(reader.uint64());
    else if (field === 3 && type === WireType.LengthDelimited) record.data = reader.bytes();
    else reader.skip(type, field);
  }
  return record;
}
