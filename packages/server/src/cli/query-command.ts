import { writeFile } from "node:fs/promises";
import { AppError, type QueryResponse } from "@fourwire/core";
import { Option, type Command } from "commander";
import { dataPath, openData } from "./data-access.ts";
import { formatTable } from "./table.ts";

interface QueryFlags {
  readonly format: "table" | "json" | "ndjson" | "csv" | "parquet";
  readonly limit: string;
  readonly out?: string;
  readonly data?: string;
}

const DEFAULT_LIMIT = "10000";
const MAX_LIMIT = 100_000;

export function addQueryCommand(program: Command): void {
  program
    .command("query")
    .description(
      "run one SELECT over the records (tables: log_record, the six sources, cloudtrail_logs, contact, agent, agent_activity and the other derived tables, rejected_record)",
    )
    .argument("<sql>", "a SELECT statement, DuckDB's SQL")
    .addOption(
      new Option("--format <format>", "how to print the rows")
        .choices(["table", "json", "ndjson", "csv", "parquet"])
        .default("table"),
    )
    .option("--limit <rows>", "most rows printed", DEFAULT_LIMIT)
    .option("--out <file>", "write to a file instead of the terminal; needed for parquet, which has no row limit")
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .addHelpText(
      "after",
      `
Examples:
  fourwire query "select source, count(*) from log_record group by source"
  fourwire query "select event_time, message from ccp_log where severity_number >= 17 order by 1 desc limit 20"
  fourwire query "select useridentity.arn, eventtime from cloudtrail_logs where eventname = 'DeleteInstance'" --format json
  fourwire query "select * from flow_log where is_error" --format parquet --out errors.parquet`,
    )
    .action(async (sql: string, flags: QueryFlags) => {
      const data = await openData(dataPath(flags.data), "query");
      try {
        if (flags.format === "parquet") {
          if (flags.out === undefined) throw new AppError("parameter_invalid", "--format parquet needs --out <file>");
          await data.exportParquet(sql, flags.out);
          return;
        }
        const result = await data.query(sql, limitOf(flags.limit));
        const text = formatRows(result, flags.format);
        if (flags.out === undefined) process.stdout.write(text);
        else await writeFile(flags.out, text);
        if (result.is_truncated)
          process.stderr.write(`fourwire: only the first ${result.rows.length} rows are shown; raise --limit\n`);
        if (result.pending_agent_days > 0)
          process.stderr.write(
            `fourwire: ${result.pending_agent_days} days of agents are not worked in yet; run it again in a moment\n`,
          );
      } finally {
        await data.close();
      }
    });
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new AppError("parameter_invalid", `--limit must be a whole number from 1 to ${MAX_LIMIT}, not "${text}"`);
  }
  return limit;
}

function formatRows(result: QueryResponse, format: Exclude<QueryFlags["format"], "parquet">): string {
  const names = result.columns.map((column) => column.name);
  const objects = (): Record<string, unknown>[] =>
    result.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  switch (format) {
    case "json":
      return `${JSON.stringify(objects())}\n`;
    case "ndjson":
      return objects()
        .map((row) => `${JSON.stringify(row)}\n`)
        .join("");
    case "csv":
      return [names, ...result.rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
    case "table":
      return formatTable(names, result.rows);
  }
}

/** RFC 4180; a field that a spreadsheet would run as a formula gets an apostrophe in front. */
function csvField(value: unknown): string {
  const text = textOf(value);
  const safe = typeof value === "string" && /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
