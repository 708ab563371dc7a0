import { writeFile } from "node:fs/promises";
import {
  AGENT_INTERVAL_NAMES,
  AppError,
  type AgentDayResponse,
  type AgentIntervalName,
  type AgentResponse,
} from "@fourwire/core";
import type { Command } from "commander";
import { intervalCsv } from "../agents/interval-csv.ts";
import { instantOf } from "../http/parameters.ts";
import { dataPath, openData } from "./data-access.ts";
import { entryTable, spanOf, type LookUpFlags } from "./look-up-commands.ts";
import { formatTable, formatWrappedTable } from "./table.ts";

const DATA_OPTION = ["--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)"] as const;

export function addAgentCommand(program: Command): void {
  const agent = program
    .command("agent")
    .description("what an agent does and did: state, contacts, after-contact work, totals, and the records of a span")
    .argument("<agent>", "agent id, login name or ARN")
    .option("--from <time>", "start, such as 2026-11-20T09:00:00Z (default: 24 hours before the end)")
    .option("--to <time>", "end (default: the agent's last record)")
    .option(...DATA_OPTION)
    .option("--json", "print as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire agent ana.ruiz\n  fourwire agent ana.ruiz --from 2026-11-20T09:00:00Z --to 2026-11-20T18:00:00Z --json",
    )
    .action(async (name: string, flags: LookUpFlags) => {
      const data = await openData(dataPath(flags.data), "agent");
      try {
        const response = await data.agent(name, spanOf(flags));
        // an end that was not asked for is the last record's, which belongs to the span
        const to = Date.parse(response.to) + (flags.to === undefined ? 1 : 0);
        const day = await data.agentDay(name, { from: Date.parse(response.from), to });
        const text = flags.json === true ? `${JSON.stringify({ ...response, day })}\n` : describeAgent(response, day);
        process.stdout.write(text);
      } finally {
        await data.close();
      }
    });
  addIntervalsCommand(agent);
}

interface IntervalFlags extends LookUpFlags {
  readonly interval: AgentIntervalName;
  readonly zone: string;
  readonly out?: string;
}

function addIntervalsCommand(agent: Command): void {
  agent
    .command("intervals")
    .description("every agent in every interval of a span, as CSV")
    .requiredOption("--from <time>", "start, such as 2026-11-20T00:00:00Z")
    .requiredOption("--to <time>", "end, excluded")
    .option("--interval <length>", AGENT_INTERVAL_NAMES.join(", "), "30m")
    .option("--zone <zone>", "time zone on whose clock intervals begin", "UTC")
    .option("--out <file>", "write to a file instead of the terminal")
    .option(...DATA_OPTION)
    .addHelpText(
      "after",
      "\nExample:\n  fourwire agent intervals --from 2026-11-20T00:00:00Z --to 2026-11-21T00:00:00Z --out day.csv",
    )
    .action(async (_flags: IntervalFlags, command: Command) => {
      // options that the command above has as well are read there
      const flags: IntervalFlags = command.optsWithGlobals();
      const interval = AGENT_INTERVAL_NAMES.find((name) => name === flags.interval);
      if (interval === undefined)
        throw new AppError("parameter_invalid", `--interval must be one of ${AGENT_INTERVAL_NAMES.join(", ")}`);
      const data = await openData(dataPath(flags.data), "agent intervals");
      try {
        const response = await data.intervals({
          from: instantOf(flags.from ?? "", "--from"),
          to: instantOf(flags.to ?? "", "--to"),
          interval,
          zone: flags.zone,
        });
        const text = intervalCsv(response);
        if (flags.out === undefined) process.stdout.write(text);
        else await writeFile(flags.out, text);
        if (response.is_partial)
          process.stderr.write(`fourwire: ${response.pending_days} days of agents are not worked in yet\n`);
      } finally {
        await data.close();
      }
    });
}

function describeAgent(agent: AgentResponse, day: AgentDayResponse): string {
  const { state } = agent;
  const last =
    state === null
      ? "no agent event in this span"
      : `${state.status_name ?? "unknown status"} since ${state.status_start_time ?? "?"} (${state.event_name} at ${state.event_time})`;
  const cut = agent.is_truncated ? `only the last ${agent.entries.length} records are shown; narrow the span\n` : "";
  const head = `agent ${agent.name ?? ""} ${agent.identities.join(", ")}\n${last}\n`;
  return `${head}${describeDay(day)}\n${entryTable(agent.entries)}${cut}`;
}

function describeDay(day: AgentDayResponse): string {
  const parts: string[] = [];
  if (day.state !== null)
    parts.push(
      `at ${day.to_time}: ${day.state.activity.replaceAll("_", " ")} since ${day.state.activity_start_time ?? "?"}\n`,
    );
  for (const contact of day.state?.contacts ?? [])
    parts.push(`  ${contact.contact_id} ${contact.state} since ${contact.since_time} ${contact.queue_name ?? ""}\n`);
  if (day.after_contact_work.length > 0) {
    const rows = day.after_contact_work.map((work) => [
      work.contact_id,
      work.start_time,
      work.end_time ?? "",
      work.duration_ms ?? "",
      work.closed_by ?? "goes on",
      work.is_inferred ? "inferred" : "",
    ]);
    parts.push(
      `\nafter-contact work\n${formatTable(["contact_id", "start_time", "end_time", "duration_ms", "closed_by", ""], rows)}`,
    );
  }
  if (day.offers.length > 0) {
    const rows = day.offers.map((offer) => [
      offer.contact_id,
      offer.offered_time,
      offer.duration_ms ?? "",
      offer.outcome ?? "rings",
      offer.cause_detail ?? "",
    ]);
    parts.push(
      `\noffers\n${formatWrappedTable(["contact_id", "offered_time", "duration_ms", "outcome", "cause"], rows)}`,
    );
  }
  for (const gap of day.gaps)
    parts.push(`not known from ${gap.start_time} to ${gap.end_time ?? "now"}: ${gap.detail}\n`);
  const totals = Object.entries(day.totals).flatMap(([name, figure]) =>
    figure.value === null || figure.value === 0 ? [] : [[name, figureText(figure), figure.how]],
  );
  if (totals.length > 0)
    parts.push(
      `\ntotals from ${day.from_time} to ${day.to_time}\n${formatWrappedTable(["metric", "value", "how"], totals)}`,
    );
  return parts.join("");
}

function figureText(figure: { readonly value: number | null; readonly unit: string }): string {
  const value = figure.value ?? 0;
  if (figure.unit === "ms") return `${(value / 1000).toFixed(3)} s`;
  if (figure.unit === "average") return value.toFixed(2);
  return figure.unit === "ratio" ? `${(100 * value).toFixed(1)} %` : String(value);
}
