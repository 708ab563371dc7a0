import { AppError } from "@fourwire/core";
import { CCP_LEVELS, INCIDENTS } from "@fourwire/simulator";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { AwsOutput } from "../simulate/aws-output.ts";
import { HttpOutput } from "../simulate/http-output.ts";
import type { SimulateProgress, SimulateReport, SimulateSettings } from "../simulate/simulate-settings.ts";
import { simulateToFiles } from "../simulate/simulate-to-files.ts";
import { simulateToOutput } from "../simulate/simulate-to-output.ts";
import {
  DEFAULT_START,
  destinationsOf,
  serverUrlOf,
  settingsOf,
  speedOf,
  type SimulateFlags,
} from "./simulate-flags.ts";

/** Without pacing, what is buffered goes out when a buffer is full, or after this much simulated time. */
const FLUSH_FAST_MS = 3_600_000;
const FLUSH_PACED_MS = 1_000;

/** Returns the command, so that others can be added below it. */
export function addSimulateCommand(program: Command): Command {
  return (
    program
      .command("simulate")
      // options after the word "flow" are the subcommand's own, also those that both have
      .enablePositionalOptions()
      .description("a simulated contact centre: every wire in Amazon's own formats, and the truth beside it")
      .option("--scenario <names>", "incidents to play, separated by commas; --list shows them")
      .option("--list", "list the incidents and the wires each shows on")
      .option("--agents <count>", "agents on the payroll", "25")
      .option("--duration <time>", "how much time to simulate, such as 30m, 1h, 2d", "1h")
      .option("--days <count>", "the same in days")
      .option(
        "--start <time>",
        `when it begins, ISO 8601 with a zone (default: ${DEFAULT_START}; now with --speed; with --to-aws so that it ends now)`,
      )
      .option("--seed <number>", "the same seed and options give the same bytes", "7")
      .option("--level <level>", `least level of CCP log entries: ${CCP_LEVELS.join(", ")}`, "TRACE")
      .option("--speed <factor>", "max, or how many times as fast as the clock: 1, 10", "max")
      .option("--out <dir>", "write files here; the directory must be new or empty")
      .option("--to <url>", "send the records to a Fourwire server")
      .option("--token <token>", "a token of that server (default: $FOURWIRE_TOKEN)")
      .option("--truth <file>", "with --to and --to-aws: write the truth to this file")
      .option("--to-aws", "send each wire where Connect would; only to the destinations that are given")
      .option("--region <region>", "with --to-aws: the Region (default: $AWS_REGION)")
      .option("--profile <name>", "with --to-aws: a profile of the AWS configuration files")
      .option("--endpoint <urls>", "with --to-aws: one URL, or kinesis=…,logs=…,s3=…,events=… for emulators")
      .option("--stream <name>", "with --to-aws: Kinesis data stream of agent events")
      .option("--record-stream <name>", "with --to-aws: the same for contact records (default: the same stream)")
      .option("--log-group <name>", "with --to-aws: log group of flow logs; made if it is not there")
      .option("--bucket <name>", "with --to-aws: bucket of CloudTrail files, digests and CCP logs")
      .option("--bus <name>", "with --to-aws: event bus of contact events")
      .option("--event-source <name>", "with --to-aws: source of the events on the bus", "fourwire.simulator")
      .option("--json", "print the result as JSON")
      .addHelpText(
        "after",
        `
Examples:
  fourwire simulate --list
  fourwire simulate --scenario ice-loss --out ./practice      then: fourwire import ./practice
  fourwire simulate --agents 1000 --days 1 --level INFO --out ./load
  fourwire simulate --to http://127.0.0.1:4004 --speed 10 --duration 1h
  fourwire simulate --to-aws --region eu-west-2 --stream connect-agents --log-group /aws/connect/example`,
      )
      .action(async (flags: SimulateFlags) => {
        if (flags.list === true) return listIncidents(flags.json === true);
        await simulate(flags);
      })
  );
}

async function simulate(flags: SimulateFlags): Promise<void> {
  const settings = settingsOf(flags, Date.now());
  const bar = createBar(settings, flags.json === true);
  try {
    const report = await start(flags, settings, (done) => bar.update(done));
    bar.stop();
    process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : describe(report));
  } finally {
    bar.stop();
  }
}

/** One destination: a directory, a server, or AWS. */
function start(
  flags: SimulateFlags,
  settings: SimulateSettings,
  onProgress: (progress: SimulateProgress) => void,
): Promise<SimulateReport> {
  const chosen = [flags.out, flags.to, flags.toAws === true ? "" : undefined].filter((value) => value !== undefined);
  if (chosen.length !== 1) throw new AppError("parameter_invalid", "simulate needs one of --out, --to and --to-aws");
  if (flags.out !== undefined) {
    if (speedOf(flags) !== undefined) throw new AppError("parameter_invalid", "--speed goes with --to or --to-aws");
    return simulateToFiles({ settings, directory: flags.out, onProgress });
  }
  const speed = speedOf(flags);
  const flushEveryMs = speed === undefined ? FLUSH_FAST_MS : FLUSH_PACED_MS * speed;
  const rest = { settings, speed, truthPath: flags.truth, onProgress };
  const { to } = flags;
  if (to !== undefined) {
    const token = flags.token ?? process.env["FOURWIRE_TOKEN"];
    const url = serverUrlOf(to);
    return simulateToOutput({ ...rest, open: (tell) => new HttpOutput({ url, token, tell, flushEveryMs }) });
  }
  const destinations = destinationsOf(flags);
  return simulateToOutput({ ...rest, open: (tell) => new AwsOutput({ destinations, settings, tell, flushEveryMs }) });
}

function listIncidents(isJson: boolean): void {
  const list = INCIDENTS.map(({ name, summary, wires }) => ({ name, summary, wires }));
  if (isJson) return void process.stdout.write(`${JSON.stringify(list)}\n`);
  const text = list.map(({ name, summary, wires }) => `${name}\n    ${summary}\n    shows on: ${wires.join(", ")}\n`);
  process.stdout.write(text.join(""));
}

interface ProgressLine {
  update(progress: SimulateProgress): void;
  stop(): void;
}

/** A bar on a terminal; nothing where the output is read by a program. */
function createBar(settings: SimulateSettings, isQuiet: boolean): ProgressLine {
  if (isQuiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: "simulating {bar} {percentage}% | {records} records | {eta_formatted} left",
    stream: process.stderr,
    hideCursor: true,
    etaBuffer: 50,
  });
  bar.start(settings.durationMs, 0, { records: "0" });
  return {
    update: ({ records, simulatedMs }) => bar.update(simulatedMs, { records: records.toLocaleString("en-US") }),
    stop: () => bar.stop(),
  };
}

function describe(report: SimulateReport): string {
  const lines = Object.entries(report.records).map(
    ([source, count]) => `  ${source.padEnd(15)} ${count.toLocaleString("en-US").padStart(11)} records`,
  );
  lines.push(`  ${"truth".padEnd(15)} ${report.truth_lines.toLocaleString("en-US").padStart(11)} lines`);
  const megabytes = (report.bytes / 1e6).toFixed(1);
  const speed = report.records_per_second.toLocaleString("en-US");
  return `${report.files} files, ${megabytes} MB in ${report.seconds} s (${speed} records/s)\n${lines.join("\n")}\n`;
}
