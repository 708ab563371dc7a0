import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SOURCE_NAMES, unixMillis } from "@fourwire/core";
import { createSimulation, type Emission } from "@fourwire/simulator";
import type { Store } from "@fourwire/store";
import { openStore } from "../packages/server/src/cli/open-store.ts";
import { ingest } from "../packages/server/src/ingest.ts";
import { LiveTail } from "../packages/server/src/live-tail.ts";
import { listFiles, ROOT } from "./source-files.ts";

export interface FixtureStore {
  readonly store: Store;
  /** Records that went in. */
  readonly appended: number;
  close(): Promise<void>;
}

const SHIFT_START = unixMillis(Date.UTC(2026, 10, 20, 9));
const SHIFT_MS = 15 * 60_000;

/** What neither the fixtures nor the simulated shift hold, and the queries of the documentation ask for. Invented. */
const CLOUDTRAIL_BEYOND = ["DeleteInstance", "AdminGetEmergencyAccessToken"].map((eventName, index) => ({
  eventVersion: "1.11",
  eventID: `00000000-0000-4000-8000-00000000000${index}`,
  eventTime: `2026-11-20T03:0${index}:00Z`,
  eventSource: "connect.amazonaws.com",
  eventName,
  awsRegion: "eu-west-2",
  sourceIPAddress: "198.51.100.7",
  userAgent: "aws-cli/2",
  userIdentity: { type: "IAMUser", arn: "ENTERTHEUSERARN", accountId: "111122223333", userName: "deployer" },
  requestParameters: { InstanceId: "11111111-2222-4333-8444-555555555555" },
  responseElements: null,
  eventType: "AwsApiCall",
  eventCategory: "Management",
  readOnly: false,
  managementEvent: true,
  recipientAccountId: "111122223333",
}));

/** A store in a temporary folder with core's fixtures and a quarter of an hour of the simulated contact centre in it. */
export async function openFixtureStore(): Promise<FixtureStore> {
  const path = await mkdtemp(join(tmpdir(), "fourwire-docs-"));
  const store = await openStore({ path, command: "test" });
  const tail = new LiveTail();
  let appended = 0;
  const take = async (origin: string, bytes: Buffer): Promise<void> => {
    appended += (await ingest({ store, tail, source: undefined, origin, bytes })).appended;
  };
  const fixtures = listFiles("packages/core/src/sources").filter((file) =>
    /\/fixtures\/.*\.(?:json|ndjson)$/.test(file),
  );
  for (const file of fixtures) await take(file, await readFile(join(ROOT, file)));
  await take("invented", Buffer.from(JSON.stringify({ Records: CLOUDTRAIL_BEYOND })));
  const shift = simulateShift();
  for (const source of SOURCE_NAMES) {
    const bodies = shift.filter((emission) => emission.source === source).map((emission) => emission.body);
    await take(`simulated ${source}`, Buffer.from(bodies.join("\n")));
  }
  await store.agentDays.settle();
  return {
    store,
    appended,
    close: async () => {
      tail.close();
      await store.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

function simulateShift(): readonly Emission[] {
  const simulation = createSimulation({ seed: 7, agents: 12, startTime: SHIFT_START });
  return [...simulation.emissionsUntil(unixMillis(SHIFT_START + SHIFT_MS))];
}
