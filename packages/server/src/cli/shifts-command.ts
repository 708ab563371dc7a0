import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { AppError, type ShiftImportResponse } from "@fourwire/core";
import type { Command } from "commander";
import { dataPath, openData } from "./data-access.ts";

interface ShiftFlags {
  readonly data?: string;
  readonly json?: boolean;
  readonly origin?: string;
  readonly zone?: string;
  readonly agent?: string;
}

export function addShiftsCommand(program: Command): void {
  const shifts = program.command("shifts").description("the plan of agents' work, for schedule adherence");
  shifts
    .command("import")
    .description("take in a plan, CSV or iCalendar, in place of what the same file said before")
    .argument("<file>")
    .option("--origin <name>", "name under which the plan is replaced (default: the file's name)")
    .option("--zone <zone>", "time zone of times without one, such as Europe/Berlin (default: UTC)")
    .option("--agent <agent>", "agent of a calendar of one person: login name, id or ARN")
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire shifts import plan.csv --zone Europe/Berlin\n  fourwire shifts import ana.ics --agent ana.ruiz",
    )
    .action(async (file: string, flags: ShiftFlags) => {
      const text = await readText(file);
      const data = await openData(dataPath(flags.data), "shifts import");
      try {
        const response = await data.importShifts({
          text,
          origin: flags.origin ?? basename(file),
          zone: flags.zone,
          agent: flags.agent,
        });
        process.stdout.write(flags.json === true ? `${JSON.stringify(response)}\n` : describeImport(response));
      } finally {
        await data.close();
      }
    });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new AppError(
      "path_not_found",
      `cannot read "${file}": ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function describeImport(response: ShiftImportResponse): string {
  const lines = [`${response.added} shifts taken, ${response.replaced} of the same origin replaced`];
  for (const rejected of response.rejected) lines.push(`  line ${rejected.line}: ${rejected.reason}`);
  if (response.unknown_agents.length > 0)
    lines.push(`  no record names these agents yet: ${response.unknown_agents.join(", ")}`);
  return `${lines.join("\n")}\n`;
}
