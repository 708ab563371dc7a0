import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@fourwire/source"] },
  ssr: { resolve: { conditions: ["@fourwire/source"] } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/src/**/*.test.tsx",
      "packages/*/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    setupFiles: ["test/property-seed.ts"],
    // generous: tests start servers, emulators and browsers, on machines that may be slow and busy
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    // by default one less than there are cores; most of these tests wait for processes of their own
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
