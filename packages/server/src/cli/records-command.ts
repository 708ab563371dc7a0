import { REJECT_REASONS, SOURCE_NAMES } from "@fourwire/core";
import type { ReplaySelection } from "@fourwire/store";
import { Option, type Command } from "commander";
import { SingleBar } from "cli-progress";
import { instantOf } from "../http/parameters.ts";
import type { ReplayProgress, ReplayReport } from "../replay-rejected.ts";
import { dataPath, openData } from "./data-access.ts";

interface ReplayFlags {
  readonly reason?: string;
  readonly source?: string;
  readonly since?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export function addRecordsCommand(program: Command): void {
  const records = program.command("records").description("work on stored records");
  records
    .command("replay")
    .description("decode rejected records again, after a fix; what succeeds is stored and no longer rejected")
    .addOption(new Option("--reason <reason>", "only those rejected for this").choices(REJECT_REASONS))
    .addOption(new Option("--source <source>", "only those of this source").choices([...SOURCE_NAMES, "unknown"]))
    .option("--since <time>", "only those delivered since, such as 2026-11-20T09:00:00Z")
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  fourwire records replay
  fourwire records replay --reason unknown_shape --since 2026-11-20T00:00:00Z --json

Through a running server too. What fails again stays, with its count of attempts. Of what was larger than 1 MiB only the
beginning was kept, which cannot be replayed: deliver or import the original again. What a token was not allowed to send
is replayed only with --reason not_allowed.`,
    )
    .action(async (flags: ReplayFlags) => {
      const data = await openData(dataPath(flags.data), "records replay");
      const bar = createBar(flags.json === true);
      try {
        const report = await data.replay(selectionOf(flags), (progress) => bar.update(progress));
        bar.stop();
        process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : describe(report));
      } finally {
        bar.stop();
        await data.close();
      }
    });
}

function selectionOf(flags: ReplayFlags): ReplaySelection {
  const since = flags.since === undefined ? undefined : instantOf(flags.since, "--since");
  return {
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...(flags.source === undefined ? {} : { source: flags.source }),
    ...(since === undefined ? {} : { since }),
  };
}

function createBar(isQuiet: boolean): { update(progress: ReplayProgress): void; stop(): void } {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "replaying {bar} {percentage}% | {value} of {total} rejected records | {eta_formatted} left",
    stream: process.stderr,
    hideCursor: true,
  });
  bar.start(1, 0);
  return {
    update: ({ done, total }) => {
      bar.setTotal(Math.max(1, total));
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

function describe(report: ReplayReport): string {
  const lines = [
    `${report.selected} rejected records: ${report.recovered} decoded now, ${report.still_rejected} still rejected`,
    `  ${report.appended} records appended, ${report.duplicate} were stored already`,
  ];
  if (report.cut > 0)
    lines.push(`  ${report.cut} not tried: only the first MiB of them was kept; deliver or import the original again`);
  if (report.not_allowed > 0)
    lines.push(
      `  ${report.not_allowed} not tried: a token was not allowed to send them (--reason not_allowed replays them)`,
    );
  return `${lines.join("\n")}\n`;
}
