import { AppError, parseInstant } from "@fourwire/core";
import { CCP_LEVELS, INCIDENTS, type CcpLevel } from "@fourwire/simulator";
import { SingleBar } from "cli-progress";
import type { Command } from "commander";
import { durationSchema } from "../receivers/duration.ts";
import { simulateToFiles } from "../simulate/simulate-to-files.ts";
import type { SimulateProgress, SimulateReport, SimulateSettings } from "../simulate/simulate-settings.ts";
import { closest } from "./closest.ts";
import { wholeNumber } from "./whole-number.ts";

interface SimulateFlags {
  readonly scenario?: string;
  readonly list?: boolean;
  readonly agents: string;
  readonly duration: string;
  readonly days?: string;
  readonly start?: string;
  readonly seed: string;
  readonly level: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** A Monday: two in the afternoon in London, nine in the morning in New York. */
const DEFAULT_START = "2026-11-02T14:00:00.000Z";
const DAY_MS = 86_400_000;
const DURATION = durationSchema({ minMs: 60_000, maxMs: 31 * DAY_MS });

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
      .option("--start <time>", "when it begins, ISO 8601 with a zone", DEFAULT_START)
      .option("--seed <number>", "the same seed and options give the same bytes", "7")
      .option("--level <level>", `least level of CCP log entries: ${CCP_LEVELS.join(", ")}`, "TRACE")
      .option("--out <dir>", "write files here; the directory must be new or empty")
      .option("--json", "print the result as JSON")
      .addHelpText(
        "after",
        `
Examples:
  fourwire simulate --list
  fourwire simulate --scenario ice-loss --out ./practice      then: fourwire import ./practice
  fourwire simulate --agents 1000 --days 1 --level INFO --out ./load`,
      )
      .action(async (flags: SimulateFlags) => {
        if (flags.list === true) return listIncidents(flags.json === true);
        const settings = settingsOf(flags);
        if (flags.out === undefined) {
          throw new AppError("parameter_invalid", "simulate needs --out with a directory to write to");
        }
        const bar = createBar(settings, flags.json === true);
        try {
          const report = await simulateToFiles({
            settings,
            directory: flags.out,
            onProgress: (done) => bar.update(done),
          });
          bar.stop();
          process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : describe(report));
        } finally {
          bar.stop();
        }
      })
  );
}

function settingsOf(flags: SimulateFlags): SimulateSettings {
  return {
    seed: wholeNumber(flags.seed, "--seed", { min: 0, max: 2 ** 31 - 1 }),
    agents: wholeNumber(flags.agents, "--agents", { min: 1, max: 20_000 }),
    startTime: startOf(flags.start ?? DEFAULT_START),
    durationMs: durationOf(flags),
    incidents: incidentsOf(flags.scenario),
    level: levelOf(flags.level),
  };
}

function startOf(text: string): number {
  const time = parseInstant(text);
  if (time === undefined) {
    throw new AppError("parameter_invalid", `--start must be a time such as ${DEFAULT_START}, not "${text}"`);
  }
  return time;
}

function durationOf(flags: SimulateFlags): number {
  if (flags.days !== undefined) return wholeNumber(flags.days, "--days", { min: 1, max: 31 }) * DAY_MS;
  const parsed = DURATION.safeParse(flags.duration);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "not a duration";
  throw new AppError("parameter_invalid", `--duration "${flags.duration}": ${reason}`);
}

function incidentsOf(text: string | undefined): readonly string[] {
  const names = (text ?? "").split(",").map((name) => name.trim());
  const known = INCIDENTS.map(({ name }) => name);
  const wanted = names.filter((name) => name !== "");
  for (const name of wanted) {
    if (known.includes(name)) continue;
    throw new AppError(
      "parameter_invalid",
      `there is no scenario "${name}": did you mean "${closest(name, known)}"? fourwire simulate --list shows all`,
    );
  }
  return [...new Set(wanted)];
}

function levelOf(text: string): CcpLevel {
  const level = CCP_LEVELS.find((name) => name === text.toUpperCase());
  if (level !== undefined) return level;
  throw new AppError("parameter_invalid", `--level must be one of ${CCP_LEVELS.join(", ")}, not "${text}"`);
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
  return `${report.files} files, ${megabytes} MB in ${report.seconds} s (${report.records_per_second.toLocaleString("en-US")} records/s)\n${lines.join("\n")}\n`;
}
