import { readFileSync } from "node:fs";
import { AppError } from "@fourwire/core";
import { z } from "zod";

/** `${env:NAME}` and `${file:/path}`, the short form of the two maps. */
const SHORT = /^\$\{(env|file):([^}]+)\}$/;

/** Where a secret stands. Secrets are never written in the configuration itself. */
export const secretReferenceSchema = z
  .union(
    [
      z.strictObject({ env: z.string().min(1).describe("name of the environment variable that holds it") }),
      z.strictObject({ file: z.string().min(1).describe("path of the file that holds it, and nothing else") }),
      z.string().regex(SHORT).transform(fromShort),
    ],
    { error: "a secret is not written here; say where it is: {env: NAME} or {file: /path}" },
  )
  .describe("a secret, by reference: an environment variable or a file");

function fromShort(text: string): { env: string } | { file: string } {
  const [, kind, place = ""] = SHORT.exec(text) ?? [];
  return kind === "env" ? { env: place } : { file: place };
}

export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** The secret, without white space around it. Throws `secret_missing` naming the reference, never the value. */
export function readSecret(reference: SecretReference, configKey: string): string {
  const secret = "env" in reference ? process.env[reference.env] : readFile(reference.file, configKey);
  const trimmed = secret?.trim() ?? "";
  if (trimmed !== "") return trimmed;
  const where =
    "env" in reference ? `environment variable ${reference.env} is not set` : `file ${reference.file} is empty`;
  throw new AppError("secret_missing", `no secret for ${configKey}: ${where}`);
}

function readFile(path: string, configKey: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("secret_missing", `no secret for ${configKey}: ${reason}`, { cause });
  }
}
