import { createHash } from "node:crypto";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export interface KplRecord {
  readonly partitionKey: string;
  readonly hashKey?: string;
  readonly data: Uint8Array;
}

/** The protobuf message of an aggregate, keys in tables as the producer library writes them. */
export function kplMessage(records: readonly KplRecord[]): Uint8Array {
  const partitionKeys = [...new Set(records.map((record) => record.partitionKey))];
  const hashKeys = [...new Set(records.flatMap((record) => record.hashKey ?? []))];
  const writer = new BinaryWriter();
  for (const key of partitionKeys) writer.tag(1, WireType.LengthDelimited).string(key);
  for (const key of hashKeys) writer.tag(2, WireType.LengthDelimited).string(key);
  for (const record of records) {
    writer.tag(3, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).uint64(partitionKeys.indexOf(record.partitionKey));
    if (record.hashKey !== undefined) writer.tag(2, WireType.Varint).uint64(hashKeys.indexOf(record.hashKey));
    writer.tag(3, WireType.LengthDelimited).bytes(record.data).join();
  }
  return writer.finish();
}

/** Magic, message and checksum. */
export function kplAggregate(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from("f3899ac2", "hex"), message, createHash("md5").update(message).digest()]);
}
