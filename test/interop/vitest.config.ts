import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Not part of `npm test`: scripts/interop.mjs starts the emulator and then this.
export default defineConfig({
  root: fileURLToPath(new URL("../../", import.meta.url)),
  resolve: { conditions: ["@fourwire/source"] },
  ssr: { resolve: { conditions: ["@fourwire/source"] } },
  test: { include: ["test/interop/**/*.interop.ts"], testTimeout: 180_000, pool: "forks", fileParallelism: false },
});
