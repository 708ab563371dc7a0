import { repairStore, type RepairProgress, type RepairReport } from "@fourwire/store";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { dataPath } from "./data-access.ts";
import { storeOptions } from "./open-store.ts";

interface RepairFlags {
  readonly data?: string;
  readonly json?: boolean;
}

export function addRepairCommand(program: Command): void {
  program
    .command("repair")
    .description("read everything, recover what is readable of damaged files, and say what is lost")
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  fourwire repair
  fourwire repair --data /var/lib/fourwire --json

Stop the server first. Damaged files are moved to broken-<time>/ in the data directory, never changed or deleted. The exit
code is 0 when the directory can be used again, whatever was lost; the report says what.`,
    )
    .action(async (flags: RepairFlags) => {
      const bar = createBar(flags.json === true);
      try {
        const report = await repairStore({
          ...storeOptions({ path: dataPath(flags.data), command: "repair" }),
          onProgress: (progress) => bar.update(progress),
        });
        bar.stop();
        process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : describe(report));
      } finally {
        bar.stop();
      }
    });
}

function createBar(isQuiet: boolean): { update(progress: RepairProgress): void; stop(): void } {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "{bar} {percentage}% | {step}",
    stream: process.stderr,
    hideCursor: true,
    linewrap: false,
  });
  bar.start(1, 0, { step: "" });
  return {
    update: ({ step, done, total }) => {
      bar.setTotal(Math.max(1, total));
      bar.update(done, { step });
    },
    stop: () => bar.stop(),
  };
}

function describe(report: RepairReport): string {
  const damaged = report.lake.losses.length;
  const lines = [
    `database file: ${report.database === "sound" ? "sound" : "damaged, made anew of what could be read"}`,
    `write-ahead log: ${report.wal === undefined ? "none" : report.wal.state}`,
    `lake: ${report.lake.checked} files read, ${damaged} damaged or missing`,
    ...Object.entries(report.records).map(
      ([source, count]) => `  ${source.padEnd(15)} ${count.toLocaleString("en-US").padStart(11)} records`,
    ),
    ...(report.lost.length === 0 ? ["nothing is lost"] : ["lost:", ...report.lost.map((what) => `  ${what}`)]),
    ...report.kept.map((path) => `kept as it was found: ${path}`),
  ];
  return `${lines.join("\n")}\n`;
}
