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
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
  },
});
