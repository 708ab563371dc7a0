import { AppError } from "@fourwire/core";
import type { Command } from "commander";
import { stringify } from "yaml";
import { configJsonSchema } from "../config/json-schema.ts";
import { requireListenAddress } from "../config/listen-address.ts";
import { CONFIG_FILE_NAME, findConfigFile, loadConfig, type LoadedConfig } from "../config/load-config.ts";
import { readSecret, secretReferenceSchema } from "../receivers/aws/secret-reference.ts";
import { dataPath } from "./data-access.ts";

interface CheckFlags {
  readonly data?: string;
  readonly json?: boolean;
}

export function addConfigCommand(program: Command): void {
  const config = program.command("config").description("check fourwire.yaml, or print its JSON Schema");
  config
    .command("check")
    .description("say what a configuration means, or every error in it with line and column")
    .argument("[file]", `the configuration (default: ${CONFIG_FILE_NAME} in the data or the working directory)`)
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--json", "print the configuration as JSON")
    .addHelpText("after", "\nExamples:\n  fourwire config check\n  fourwire config check /etc/fourwire.yaml --json")
    .action((file: string | undefined, flags: CheckFlags) => {
      const loaded = loadConfig(findConfigFile(file, dataPath(flags.data)), process.env);
      requireListenAddress(loaded.config.server);
      for (const warning of missingSecrets(loaded.config)) process.stderr.write(`fourwire: ${warning}\n`);
      const isJson = flags.json === true;
      process.stdout.write(isJson ? `${JSON.stringify(loaded.config, undefined, 2)}\n` : describeConfig(loaded));
    });
  config
    .command("schema")
    .description("print the JSON Schema of fourwire.yaml, for editors")
    .addHelpText("after", "\nExamples:\n  fourwire config schema > config.schema.json")
    .action(() => {
      process.stdout.write(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
    });
}

/** Every key as it holds, defaults included; times in milliseconds, sizes in bytes, secrets by reference. */
function describeConfig(loaded: LoadedConfig): string {
  const from = loaded.path === undefined ? "no file; these are the defaults" : `${loaded.path} is right`;
  const overrides = loaded.overrides.map(({ variable, key }) => `# ${key} is set by ${variable}\n`).join("");
  return `# ${from}; times are milliseconds, sizes bytes\n${overrides}${stringify(loaded.config)}`;
}

/** What is referred to and not there. Told, not refused: the check may run on another machine than the server. */
function missingSecrets(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const reference = secretReferenceSchema.safeParse(value);
  if (!reference.success)
    return Object.entries(value).flatMap(([key, member]) => missingSecrets(member, [...path, key]));
  try {
    readSecret(reference.data, path.join("."));
    return [];
  } catch (error) {
    if (error instanceof AppError) return [error.message];
    throw error;
  }
}
