import { setTimeout as timer } from "node:timers/promises";
import type { Receiver } from "../../packages/server/src/receivers/receiver.ts";
import type { ReceiverBench } from "../../packages/server/test/receiver-bench.ts";

const endpoint = process.env["FOURWIRE_INTEROP_ENDPOINT"];
if (endpoint === undefined) throw new Error("run it by npm run test:interop, which starts moto_server");
process.env["FOURWIRE_INTEROP_SECRET"] = "secret";

export const ENDPOINT = endpoint;

/** For clients of the tests themselves. */
export const CLIENT = {
  endpoint: ENDPOINT,
  region: "eu-west-2",
  credentials: { accessKeyId: "key", secretAccessKey: "secret" },
};

/** The connection of a receiver's entry in the configuration. */
export const CONNECTION = {
  region: "eu-west-2",
  endpoint: ENDPOINT,
  credentials: { access_key_id: "key", secret_access_key: { env: "FOURWIRE_INTEROP_SECRET" } },
};

const MAX_WAITS = 2_400;

/** Runs a receiver until so many records of a source are stored; fails when that does not happen. */
export async function receive(
  receiver: Receiver,
  expected: { readonly bench: ReceiverBench; readonly source: string; readonly count: number },
): Promise<readonly string[]> {
  const { bench, source, count } = expected;
  receiver.start();
  let ids: readonly string[] = [];
  for (let waits = 0; waits < MAX_WAITS && ids.length < count; waits++) {
    await timer(50);
    ids = await bench.originalIds(source);
  }
  await receiver.stop();
  if (ids.length < count) throw new Error(`${ids.length} of ${count}: ${JSON.stringify(receiver.status())}`);
  return ids;
}
