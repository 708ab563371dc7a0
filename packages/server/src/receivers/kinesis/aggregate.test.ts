import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { array, assert, property, record, string, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { kplAggregate, kplMessage } from "../../../test/kpl.ts";
import { openAggregate } from "./aggregate.ts";

function partsOf(bytes: Uint8Array): readonly string[] | string | undefined {
  const aggregate = openAggregate(bytes);
  if (aggregate === undefined) return undefined;
  return aggregate.ok ? [...aggregate.parts].map((part) => Buffer.from(part).toString()) : aggregate.detail;
}

const two = kplMessage([
  { partitionKey: "agent-1", data: Buffer.from("first") },
  { partitionKey: "agent-2", hashKey: "170141183460469231731687303715884105728", data: Buffer.from("second") },
]);

describe("an aggregate", () => {
  test("yields its records in order, with and without explicit hash keys", () => {
    expect(partsOf(kplAggregate(two))).toEqual(["first", "second"]);
  });

  test("has the bytes that the format says", () => {
    // written out by hand from the format's description
    const message = Buffer.from("0a01611a0708001a03616263", "hex");
    expect(Buffer.from(kplMessage([{ partitionKey: "a", data: Buffer.from("abc") }]))).toEqual(message);
    const bytes = Buffer.concat([
      Buffer.from("f3899ac2", "hex"),
      message,
      // md5sum of the message
      Buffer.from("e0120178c6cac132b4282c6c1d285ad1", "hex"),
    ]);
    expect(kplAggregate(message)).toEqual(bytes);
    expect(partsOf(bytes)).toEqual(["abc"]);
  });

  test("of any bytes comes out as it went in", () => {
    const records = array(
      record({ partitionKey: string({ minLength: 1, maxLength: 256 }), data: uint8Array({ maxLength: 300 }) }),
      { maxLength: 20 },
    );
    assert(
      property(records, (given) => {
        const aggregate = openAggregate(kplAggregate(kplMessage(given)));
        expect(aggregate?.ok === true ? [...aggregate.parts].map((part) => [...part]) : aggregate).toEqual(
          given.map(({ data }) => [...data]),
        );
      }),
    );
  });

  test("may hold tags and fields of a later version", () => {
    const writer = new BinaryWriter();
    writer.tag(1, WireType.LengthDelimited).string("a");
    writer.tag(9, WireType.Varint).uint64(7);
    writer.tag(3, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).uint64(0);
    writer.tag(4, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string("tag").join();
    writer.tag(3, WireType.LengthDelimited).bytes(Buffer.from("tagged")).join();
    expect(partsOf(kplAggregate(writer.finish()))).toEqual(["tagged"]);
  });

  test("may be empty", () => {
    expect(partsOf(kplAggregate(new Uint8Array()))).toEqual([]);
  });
});

describe("bytes that are none", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["three bytes of the signature", Buffer.from("f3899a", "hex")],
    ["JSON", Buffer.from('{"EventId":"1"}')],
    ["gzip", Buffer.from("1f8b0800", "hex")],
  ])("are left alone: %s", (_name, bytes) => {
    expect(openAggregate(bytes)).toBeUndefined();
  });
});

describe("a damaged aggregate", () => {
  test.each<[string, Uint8Array, string]>([
    ["the signature alone", Buffer.from("f3899ac2", "hex"), "without a checksum"],
    ["a flipped bit", Buffer.concat([kplAggregate(two).subarray(0, -1), Buffer.from([0])]), "wrong checksum"],
    ["a message cut off", kplAggregate(two.subarray(0, two.length - 2)), "not its protobuf message"],
    ["text in place of a message", kplAggregate(Buffer.from("no protobuf at all")), "not its protobuf message"],
    ["a key that is not there", kplAggregate(Buffer.from("1a0708051a03616263", "hex")), "partition key that is not"],
    [
      "a hash key that is not there",
      kplAggregate(Buffer.from("0a01611a09080010011a03616263", "hex")),
      "hash key that is not there",
    ],
    ["a record without data", kplAggregate(Buffer.from("0a01611a020800", "hex")), "no data"],
  ])("says what is wrong: %s", (_name, bytes, detail) => {
    expect(partsOf(bytes)).toContain(detail);
  });

  test("never throws, whatever the bytes", () => {
    assert(
      property(uint8Array({ maxLength: 200 }), (bytes) => {
        const parts = partsOf(kplAggregate(bytes));
        expect(typeof parts === "string" ? parts : "KPL aggregate").toContain("KPL aggregate");
      }),
    );
  });
});
