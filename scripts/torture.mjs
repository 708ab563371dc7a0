// Kills Fourwire with SIGKILL 200 times at random points of imports, serving and replays, and damages its files in every
// way the tests know. Usage: npm run torture [-- rounds [seed]]. A failure names its seed.
import { spawnSync } from "node:child_process";

const DEFAULT_ROUNDS = 200;
const [rounds = DEFAULT_ROUNDS, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number);
if (!Number.isInteger(rounds) || rounds < 4 || rounds > 100_000 || !Number.isInteger(seed)) {
  console.error("usage: npm run torture [-- rounds [seed]], with 4 rounds at least");
  process.exit(2);
}
console.log(`torture: ${rounds} rounds, seed ${seed}; the same again: npm run torture -- ${rounds} ${seed}`);
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=verbose",
    "test/kill.test.ts",
    "packages/store/src/wal",
    "packages/store/src/repair",
    "packages/store/src/full-disk.test.ts",
  ],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      FOURWIRE_KILL_ROUNDS: String(rounds),
      FOURWIRE_KILL_SEED: String(seed),
      FOURWIRE_KILL_PROGRESS: "1",
    },
  },
);
process.exit(status ?? 1);
