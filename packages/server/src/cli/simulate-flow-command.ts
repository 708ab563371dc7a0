import { once } from "node:events";
import { AppError, parseInstant } from "@fourwire/core";
import {
  EXAMPLE_FLOW_NAMES,
  exampleFlow,
  FLOW_LOG_VINTAGES,
  type FlowCensus,
  type FlowChannel,
  type FlowLogVintage,
} from "@fourwire/simulator";
import { Option, type Command } from "commander";
import type { FlowFile } from "../simulate/read-flow-file.ts";
import { simulateFlow, type FlowSimulationSettings } from "../simulate/simulate-flow.ts";
import { formatTable } from "./table.ts";
import { wholeNumber } from "./whole-number.ts";

interface SimulateFlowFlags {
  readonly with?: readonly string[];
  readonly count: string;
  readonly seed: string;
  readonly channel: FlowChannel;
  readonly attribute?: readonly string[];
  readonly external?: readonly string[];
  readonly queue?: string;
  readonly vintage: FlowLogVintage;
  readonly malformedTimes?: boolean;
  readonly start: string;
  readonly example?: string | true;
  readonly json?: boolean;
}

const CHANNELS: readonly FlowChannel[] = ["VOICE", "CHAT", "TASK", "EMAIL"];
const DEFAULT_START = "2026-11-02T14:00:00.000Z";
const MOST_CUSTOMERS = 1_000_000;

/** `fourwire simulate flow`, below `fourwire simulate`. */
export function addSimulateFlowCommand(simulate: Command): void {
  simulate
    .command("flow")
    .description("send made-up customers through a flow of yours: what they meet, and the log entries")
    .argument("[file]", "a flow definition as the console exports it, or the answer of describe-contact-flow")
    .option("--with <file...>", "flows and modules that it leads to, found by ARN, id or name")
    .option("--count <customers>", "how many customers", "100")
    .option("--seed <number>", "the same seed gives the same bytes", "7")
    .addOption(new Option("--channel <channel>", "how they come").choices(CHANNELS).default("VOICE"))
    .option("--attribute <pair...>", "contact attributes that are set before, as key=value")
    .option("--external <pair...>", "what the Lambda function of a flow before returned, as key=value")
    .option("--queue <queue>", "the working queue that is set before, as an ARN, id or name")
    .addOption(new Option("--vintage <year>", "the form of the log entries").choices(FLOW_LOG_VINTAGES).default("2025"))
    .option("--malformed-times", "write times without seconds, as Amazon's example of 2017 does")
    .option("--start <time>", "when the first one comes, ISO 8601 with a zone", DEFAULT_START)
    .option("--example [name]", "print a flow to try this with; without a name, list them")
    .option("--json", "print the log entries, one a line, instead of the summary")
    .addHelpText(
      "after",
      `
Examples:
  fourwire simulate flow --example main-inbound > main-inbound.json
  fourwire simulate flow main-inbound.json --count 1000
  fourwire simulate flow main-inbound.json --with card-entry.json customer-queue.json
  fourwire simulate flow main-inbound.json --json --vintage 2021 > entries.ndjson     then: fourwire import entries.ndjson`,
    )
    .action(async (file: string | undefined, flags: SimulateFlowFlags) => {
      if (flags.example !== undefined) return printExample(flags.example);
      if (file === undefined) throw new AppError("parameter_invalid", "simulate flow needs a file with a flow");
      await run(file, flags);
    });
}

function printExample(name: string | true): void {
  if (name === true) return void process.stdout.write(`${EXAMPLE_FLOW_NAMES.join("\n")}\n`);
  const example = exampleFlow(name);
  if (example === undefined) {
    throw new AppError(
      "parameter_invalid",
      `there is no example "${name}"; there are ${EXAMPLE_FLOW_NAMES.join(", ")}`,
    );
  }
  process.stdout.write(`${JSON.stringify(example, undefined, 2)}\n`);
}

async function run(path: string, flags: SimulateFlowFlags): Promise<void> {
  // `| head` has read what it wants
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const settings = settingsOf(path, flags);
  const isJson = flags.json === true;
  const { files, census } = await simulateFlow(settings, async (bodies) => {
    if (isJson) await print(bodies.map((body) => `${body}\n`).join(""));
  });
  if (!isJson) await print(describe(files, census));
  else process.stderr.write(describeIssues(files, census));
}

function settingsOf(path: string, flags: SimulateFlowFlags): FlowSimulationSettings {
  const startTime = parseInstant(flags.start);
  if (startTime === undefined) {
    throw new AppError("parameter_invalid", `--start must be a time such as ${DEFAULT_START}, not "${flags.start}"`);
  }
  return {
    path,
    others: flags.with ?? [],
    count: wholeNumber(flags.count, "--count", { min: 1, max: MOST_CUSTOMERS }),
    seed: wholeNumber(flags.seed, "--seed", { min: 0, max: 2 ** 31 - 1 }),
    channel: flags.channel,
    logForm: { vintage: flags.vintage, timestamps: flags.malformedTimes === true ? "2017_sample" : "iso" },
    startTime,
    attributes: pairsOf(flags.attribute, "--attribute"),
    external: pairsOf(flags.external, "--external"),
    queue: flags.queue,
  };
}

function pairsOf(texts: readonly string[] = [], name: string): Record<string, string> {
  const pairs = texts.map((text): [string, string] => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new AppError("parameter_invalid", `${name} takes key=value, not "${text}"`);
  });
  return Object.fromEntries(pairs);
}

/** Waits for a slow reader, so that a million entries do not pile up in memory. */
async function print(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
}

function describe(files: readonly FlowFile[], census: FlowCensus): string {
  // flow by flow, each in the order in which customers found its blocks
  const names = files.map(({ flow }) => flow.name);
  const found = [...census.blocks.values()].toSorted(
    (left, right) => names.indexOf(left.flow) - names.indexOf(right.flow),
  );
  const blocks = found.flatMap(({ flow, action, type, visits, errors, branches }) =>
    [...branches]
      .toSorted((left, right) => right[1] - left[1])
      .map(([branch, count], index) =>
        index === 0 ? [flow, action, type, visits, errors, branch, count] : ["", "", "", null, null, branch, count],
      ),
  );
  const outcomes = [...census.outcomes].toSorted((left, right) => right[1] - left[1]);
  return [
    `${census.customers} customers, ${census.logEntries} log entries`,
    census.logEntries === 0 ? "no entry: nothing switches logging on (Set logging behavior)" : undefined,
    "",
    formatTable(["flow", "block", "type", "visits", "errors", "branch", "taken"], blocks),
    formatTable(["outcome", "times"], outcomes),
    describeIssues(files, census),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

/** What is wrong with the definitions, and what the customers ran into. */
function describeIssues(files: readonly FlowFile[], census: FlowCensus): string {
  const found = files.flatMap(({ path, issues }) =>
    issues.map(
      ({ code, action, message }) => `${path}: ${action === undefined ? "" : `${action}: `}${message} (${code})`,
    ),
  );
  const met = [...census.warnings.values()]
    .filter(({ code }) => code !== "type_unknown" && code !== "target_missing")
    .map(({ code, action, message, count }) => `${action}: ${message} (${code}, ${count} times)`);
  return [...found, ...met].map((line) => `warning: ${line}\n`).join("");
}
