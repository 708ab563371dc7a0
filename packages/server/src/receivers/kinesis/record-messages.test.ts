import { expect, test } from "vitest";
import { kplAggregate, kplMessage } from "../../../test/kpl.ts";
import { recordMessages } from "./record-messages.ts";

function messagesOf(data: Uint8Array) {
  return [...recordMessages("connect-agents/shardId-000000000000", { sequenceNumber: "4957", data })].map(
    ({ bytes, ...rest }) => ({ ...rest, text: Buffer.from(bytes).toString() }),
  );
}

test("a record is one message, named after stream, shard and sequence number", () => {
  expect(messagesOf(Buffer.from("{}"))).toEqual([
    { origin: "kinesis:connect-agents/shardId-000000000000/4957", text: "{}" },
  ]);
});

test("each part of an aggregate is one, named after its place in it", () => {
  const message = kplMessage(["a", "", "c"].map((text) => ({ partitionKey: "agent", data: Buffer.from(text) })));
  expect(messagesOf(kplAggregate(message))).toEqual([
    { origin: "kinesis:connect-agents/shardId-000000000000/4957.0", text: "a" },
    { origin: "kinesis:connect-agents/shardId-000000000000/4957.1", text: "" },
    { origin: "kinesis:connect-agents/shardId-000000000000/4957.2", text: "c" },
  ]);
});

test("a damaged aggregate is one message that is rejected whole", () => {
  expect(messagesOf(Buffer.from("f3899ac2", "hex"))).toEqual([
    {
      origin: "kinesis:connect-agents/shardId-000000000000/4957",
      text: Buffer.from("f3899ac2", "hex").toString(),
      fault: { reason: "corrupt_aggregate", detail: "KPL aggregate without a checksum" },
    },
  ]);
});
