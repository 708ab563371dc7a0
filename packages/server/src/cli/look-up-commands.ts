import { AppError, type ContactTimeline, type RecordSummary, type RejectedResponse } from "@fourwire/core";
import type { Command } from "commander";
import type { OpenSpan } from "../agent-records.ts";
import { instantOf } from "../http/parameters.ts";
import { dataPath, openData, type DataAccess } from "./data-access.ts";
import { formatTable } from "./table.ts";
import { wholeNumber } from "./whole-number.ts";

export interface LookUpFlags {
  readonly data?: string;
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
}

/** What the server's own route gives at once. */
const MAX_REJECTED_ROWS = 1000;

const DATA_OPTION = ["--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)"] as const;

export function addContactCommand(program: Command): void {
  program
    .command("contact")
    .description("the joined timeline of a contact: every wire on one clock")
    .argument("<contact-id>")
    .option(...DATA_OPTION)
    .option("--json", "print the timeline as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire contact 11111111-2222-3333-4444-555555555555\n  fourwire contact 11111111-2222-3333-4444-555555555555 --json | jq '.entries[].message'",
    )
    .action((contactId: string, flags: LookUpFlags) =>
      withData(flags, "contact", async (data) => {
        const timeline = await data.contact(contactId);
        return flags.json === true ? `${JSON.stringify(timeline)}\n` : describeTimeline(timeline);
      }),
    );
}

export function addRejectedCommand(program: Command): void {
  program
    .command("rejected")
    .description("what could not be decoded, and why")
    .option("--limit <rows>", "most rows printed", "100")
    .option(...DATA_OPTION)
    .option("--json", "print as JSON")
    .addHelpText("after", "\nExamples:\n  fourwire rejected\n  fourwire rejected --json | jq '.reasons'")
    .action((flags: LookUpFlags) => {
      const limit = wholeNumber(flags.limit ?? "100", "--limit", { min: 1, max: MAX_REJECTED_ROWS });
      return withData(flags, "rejected", async (data) => {
        const response = await data.rejected(limit);
        return flags.json === true ? `${JSON.stringify(response)}\n` : describeRejected(response);
      });
    });
}

async function withData(
  flags: LookUpFlags,
  command: string,
  work: (data: DataAccess) => Promise<string>,
): Promise<void> {
  const data = await openData(dataPath(flags.data), command);
  try {
    process.stdout.write(await work(data));
  } finally {
    await data.close();
  }
}

/** The span of `--from` and `--to`. */
export function spanOf(flags: LookUpFlags): OpenSpan {
  const from = flags.from === undefined ? undefined : instantOf(flags.from, "--from");
  const to = flags.to === undefined ? undefined : instantOf(flags.to, "--to");
  if (from !== undefined && to !== undefined && from >= to)
    throw new AppError("parameter_invalid", "--from must be before --to");
  return { from, to };
}

function describeTimeline(timeline: ContactTimeline): string {
  const lines = [`contact ${timeline.contact_id}`, timeline.summary.clauses.map((clause) => clause.text).join(", ")];
  for (const link of timeline.lineage) lines.push(`  ${link.relation.replaceAll("_", " ")}: ${link.contact_id}`);
  for (const missing of timeline.missing) lines.push(`  missing: ${missing.message}`);
  return `${lines.join("\n")}\n\n${entryTable(timeline.entries)}`;
}

/** Records as a table. */
export function entryTable(entries: readonly RecordSummary[]): string {
  return formatTable(
    ["event_time", "source", "event_name", "agent", "message"],
    entries.map((entry) => [
      entry.event_time,
      entry.source,
      entry.event_name,
      entry.agent_username ?? "",
      entry.message,
    ]),
  );
}

function describeRejected(response: RejectedResponse): string {
  if (response.total === 0) return "nothing was rejected\n";
  return formatTable(
    ["rejected_time", "source", "reason", "detail", "origin", "position", "size_bytes"],
    response.rejected.map((row) => [
      row.rejected_time,
      row.source,
      row.reason,
      row.detail,
      row.origin,
      row.position,
      row.size_bytes,
    ]),
  );
}
