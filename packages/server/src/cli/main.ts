import { AppError, docsOf } from "@fourwire/core";
import { Command, CommanderError } from "commander";
import { addAgentCommand } from "./agent-command.ts";
import { addContactCommand, addRejectedCommand } from "./look-up-commands.ts";
import { addShiftsCommand } from "./shifts-command.ts";
import { addConfigCommand } from "./config-command.ts";
import { addImportCommand } from "./import-command.ts";
import { addQueryCommand } from "./query-command.ts";
import { addQueueIntervalsCommand } from "./queue-intervals-command.ts";
import { addRecordsCommand } from "./records-command.ts";
import { addRepairCommand } from "./repair-command.ts";
import { addSimulateCommand } from "./simulate-command.ts";
import { addDemoCommand, addServeCommand } from "./serve-commands.ts";
import { addTokenCommand } from "./token-command.ts";
import { addSimulateFlowCommand } from "./simulate-flow-command.ts";
import { VERSION } from "./version.ts";

/** Exit codes: 0 done, 1 failed, 2 the command line was wrong. */
const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/** Runs `fourwire` with the arguments after its name and sets the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  outliveReaders();
  const program = createProgram();
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/**
 * Whoever reads what a command prints may have had enough, as `head` has: what is left is not printed, and the command
 * comes to its end as if it were. A server goes on.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

function createProgram(): Command {
  const program = new Command("fourwire")
    .description("the four wires of Amazon Connect evidence, kept safely and joined by contact")
    .version(VERSION)
    .exitOverride()
    // simulate and simulate flow have options of the same names: those after a subcommand's name are its own
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError("(run with --help for examples)")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire demo\n  fourwire import ./logs\n  fourwire serve\n  fourwire contact 11111111-2222-3333-4444-555555555555",
    );
  addDemoCommand(program);
  addServeCommand(program);
  addImportCommand(program);
  addConfigCommand(program);
  addTokenCommand(program);
  addQueryCommand(program);
  addContactCommand(program);
  addAgentCommand(program);
  addQueueIntervalsCommand(program);
  addShiftsCommand(program);
  addRejectedCommand(program);
  addRecordsCommand(program);
  addRepairCommand(program);
  addSimulateFlowCommand(addSimulateCommand(program));
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  return program;
}

/** Says what went wrong and returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof AppError) {
    process.stderr.write(`fourwire: ${error.message}\n  ${error.code}, see ${docsOf(error.code)}\n`);
    return error.code === "parameter_invalid" ? EXIT_USAGE : EXIT_FAILURE;
  }
  process.stderr.write(`fourwire: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_FAILURE;
}
