import { writeFile } from "node:fs/promises";
import { AppError } from "@fourwire/core";
import type { Command } from "commander";
import { instantOf } from "../http/parameters.ts";
import { FILE_INTERVALS } from "../wfm/interval-files.ts";
import { dataPath, openData } from "./data-access.ts";
import { wholeNumber } from "./whole-number.ts";

interface QueueIntervalFlags {
  readonly data?: string;
  readonly out?: string;
  readonly from: string;
  readonly to: string;
  readonly interval: string;
  readonly zone: string;
  readonly serviceLevel: string;
}

export function addQueueIntervalsCommand(program: Command): void {
  program
    .command("queue-intervals")
    .description("volumes of every queue in every interval of a span, from contact records, as CSV")
    .requiredOption("--from <time>", "start, such as 2026-11-20T00:00:00Z")
    .requiredOption("--to <time>", "end, excluded")
    .option("--interval <length>", FILE_INTERVALS.join(", "), "30m")
    .option("--zone <zone>", "time zone on whose clock intervals begin", "UTC")
    .option("--service-level <seconds>", "within which a contact must have left the queue", "20")
    .option("--out <file>", "write to a file instead of the terminal")
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire queue-intervals --from 2026-11-20T00:00:00Z --to 2026-11-21T00:00:00Z --out queues.csv\n  fourwire queue-intervals --from 2026-11-20T00:00:00+01:00 --to 2026-11-21T00:00:00+01:00 --zone Europe/Berlin",
    )
    .action(writeQueueIntervals);
}

async function writeQueueIntervals(flags: QueueIntervalFlags): Promise<void> {
  const interval = FILE_INTERVALS.find((name) => name === flags.interval);
  if (interval === undefined)
    throw new AppError(
      "parameter_invalid",
      `--interval must be one of ${FILE_INTERVALS.join(", ")}, not "${flags.interval}"`,
    );
  const [from, to] = [instantOf(flags.from, "--from"), instantOf(flags.to, "--to")];
  if (from >= to) throw new AppError("parameter_invalid", "--from must be before --to");
  const serviceLevelSeconds = wholeNumber(flags.serviceLevel, "--service-level", { min: 1, max: 86_400 });
  const data = await openData(dataPath(flags.data), "queue-intervals");
  try {
    const csv = await data.queueIntervals({ from, to, interval, zone: flags.zone, serviceLevelSeconds });
    if (flags.out === undefined) process.stdout.write(csv);
    else await writeFile(flags.out, csv);
  } finally {
    await data.close();
  }
}
