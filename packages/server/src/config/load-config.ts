import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@fourwire/core";
import { z } from "zod";
import { ConfigDocument } from "./config-document.ts";
import { configSchema, type Config } from "./config.ts";
import { configInvalid } from "./config-problem.ts";
import { describeIssues } from "./config-issues.ts";
import { applyOverrides, type Override } from "./environment.ts";

export const CONFIG_FILE_NAME = "fourwire.yaml";

export interface LoadedConfig {
  readonly config: Config;
  /** The file it was read from; undefined when there is none. */
  readonly path: string | undefined;
  /** What the environment set instead. */
  readonly overrides: readonly Override[];
}

/** The file to read: the given one, else that of the data directory, else that of the working directory. */
export function findConfigFile(given: string | undefined, dataPath: string): string | undefined {
  if (given !== undefined) return given;
  return [join(dataPath, CONFIG_FILE_NAME), CONFIG_FILE_NAME].find((path) => existsSync(path));
}

/** Reads and checks a configuration. Throws `config_invalid` with every error, `path_not_found` without the file. */
export function loadConfig(path: string | undefined, environment: NodeJS.ProcessEnv): LoadedConfig {
  const document = path === undefined ? undefined : new ConfigDocument(path, readConfigText(path));
  const { value, overrides, problems } = applyOverrides(document?.toValue() ?? {}, environment);
  const parsed = configSchema.safeParse(value);
  const issues = parsed.success ? [] : describeIssues(parsed.error.issues, { value, document, overrides });
  if (problems.length + issues.length > 0) throw configInvalid(path ?? "the environment", [...problems, ...issues]);
  if (!parsed.success) throw new Error("a refused configuration has issues");
  return { config: parsed.data, path, overrides };
}

/** `data` of a configuration, whatever else is in it; undefined without the file or the key. Throws `config_invalid` for no YAML. */
export function readConfiguredData(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return dataSchema.safeParse(new ConfigDocument(path, readConfigText(path)).toValue()).data?.data;
}

const dataSchema = z.looseObject({ data: z.string().min(1).optional() });

function readConfigText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("path_not_found", `cannot read the configuration: ${reason}`, { cause });
  }
}
