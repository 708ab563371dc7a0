import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@fourwire/store";
import { openStore } from "../packages/server/src/cli/local-data.ts";
import { ingest } from "../packages/server/src/ingest.ts";
import { LiveTail } from "../packages/server/src/live-tail.ts";
import { listFiles, ROOT } from "./source-files.ts";

export interface FixtureStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** A store in a temporary folder with every fixture of core's sources in it. */
export async function openFixtureStore(): Promise<FixtureStore> {
  const path = await mkdtemp(join(tmpdir(), "fourwire-docs-"));
  const store = await openStore({ path, command: "test" });
  const tail = new LiveTail();
  const fixtures = listFiles("packages/core/src/sources").filter((file) => /\/fixtures\/.*\.(?:json|ndjson)$/.test(file));
  for (const file of fixtures) {
    await ingest({ store, tail, source: undefined, origin: file, bytes: await readFile(join(ROOT, file)) });
  }
  return {
    store,
    close: async () => {
      tail.close();
      await store.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}
