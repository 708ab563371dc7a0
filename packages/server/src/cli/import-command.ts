import { AppError, SOURCE_NAMES, type SourceName } from "@fourwire/core";
import { SingleBar } from "cli-progress";
import { InvalidArgumentError, type Command } from "commander";
import type { ImportProgress, ImportReport } from "../import/import-files.ts";
import { closest } from "./closest.ts";
import { dataPath, openData } from "./data-access.ts";
import { importPaths } from "./import-paths.ts";

interface ImportFlags {
  readonly source?: SourceName;
  readonly data?: string;
  readonly json?: boolean;
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
}

export function addImportCommand(program: Command): void {
  program
    .command("import")
    .description("read files, folders or globs of any mix of the six sources, plain or gzip, told apart by content")
    .argument("<path...>", "files, folders, globs, or addresses in S3 (s3://bucket/prefix)")
    .option(
      "--source <source>",
      `what the files hold, so that what is no record is rejected and no file skipped: auto, ${SOURCE_NAMES.join(", ")}`,
      parseSource,
    )
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--region <region>", "Region of the bucket, for s3:// (default: $AWS_REGION)")
    .option("--profile <name>", "profile of the AWS configuration files, for s3://")
    .option("--endpoint <url>", "a store that is compatible with S3; the bucket is then named in the path")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  fourwire import agent-log.txt                        a CCP log an agent downloaded
  fourwire import ./AWSLogs                            CloudTrail in its delivery folders
  fourwire import 'export/**/*.gz' --data ./case-4711  a glob into a directory of its own
  fourwire import s3://my-trail/AWSLogs --region eu-west-2
                                                       what a trail has delivered so far
  fourwire import events.json --source agent_event     reject what is no record, skip nothing

Importing the same file again stores nothing twice. An import from S3 that was cut off goes on where it was.`,
    )
    .action(async (paths: string[], flags: ImportFlags) => {
      const data = await openData(dataPath(flags.data), "import");
      const bar = createBar(flags.json === true);
      try {
        const report = await importPaths(data, {
          paths,
          dataPath: dataPath(flags.data),
          s3: flags,
          source: flags.source,
          onProgress: (progress) => bar.update(progress),
        });
        bar.stop();
        process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : describeReport(report));
        if (report.failed.length > 0)
          throw new AppError("file_unreadable", `${report.failed.length} of ${report.files} files could not be read`);
      } finally {
        bar.stop();
        await data.close();
      }
    });
}

function parseSource(text: string): SourceName | undefined {
  if (text === "auto") return undefined;
  const source = SOURCE_NAMES.find((name) => name === text);
  if (source === undefined)
    throw new InvalidArgumentError(`did you mean "${closest(text, ["auto", ...SOURCE_NAMES])}"?`);
  return source;
}

interface ProgressLine {
  update(progress: ImportProgress): void;
  stop(): void;
}

/** A bar on a terminal; nothing where the output is read by a program. */
function createBar(isQuiet: boolean): ProgressLine {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format:
      "importing {bar} {percentage}% | {megabytes} MB | {files} files | {records} records stored | {stage}{eta_formatted} left",
    stream: process.stderr,
    hideCursor: true,
    etaBuffer: 50,
  });
  bar.start(1, 0, { megabytes: 0, files: "0", records: "0", stage: "" });
  return {
    update: (progress) => {
      const { derived } = progress;
      const texts = {
        megabytes: (progress.bytesRead / 1e6).toFixed(1),
        files: `${progress.filesDone}/${progress.totalFiles}`,
        records: progress.appended.toLocaleString("en-US"),
        stage: derived === undefined ? "" : `agent days ${derived.doneDays} done, ${derived.pendingDays} to go | `,
      };
      bar.setTotal(Math.max(1, derived === undefined ? progress.totalBytes : derived.doneDays + derived.pendingDays));
      bar.update(derived === undefined ? progress.bytesRead : derived.doneDays, texts);
    },
    stop: () => bar.stop(),
  };
}

function describeReport(report: ImportReport): string {
  const lines = [`${report.files} files in ${report.seconds} s`];
  for (const [source, counts] of Object.entries(report.records)) {
    lines.push(
      `  ${source.padEnd(15)} ${count(counts.appended)} appended  ${count(counts.duplicate)} duplicate  ${count(counts.rejected)} rejected`,
    );
  }
  for (const file of report.skipped) lines.push(`  skipped ${file.path}: ${file.reason}`);
  for (const file of report.failed) lines.push(`  failed  ${file.path}: ${file.reason}`);
  if (Object.values(report.records).some((counts) => counts.rejected > 0))
    lines.push("  see what was rejected, and why: fourwire rejected");
  return `${lines.join("\n")}\n`;
}

function count(value: number): string {
  return value.toLocaleString("en-US").padStart(11);
}
