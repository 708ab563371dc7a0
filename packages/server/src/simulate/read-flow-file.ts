import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { AppError, arrayAt, isObject, objectAt, textAt, type JsonValue } from "@fourwire/core";
import { parseFlow, type FlowIssue, type FlowResource, type Random } from "@fourwire/simulator";

export interface FlowFile {
  readonly path: string;
  readonly flow: FlowResource;
  readonly issues: readonly FlowIssue[];
}

/** Connect takes a flow of 256 KB; an export with its layout is larger. */
const FILE_LIMIT = 10 * 1024 * 1024;

/**
 * Reads a flow definition: an export of the console, or the answer of `describe-contact-flow` or
 * `describe-contact-flow-module`, whose `Content` is the definition as a text. A file with a name of its own keeps it.
 */
export async function readFlowFile(path: string, instanceArn: string, random: Random): Promise<FlowFile> {
  const value = parseText(await readText(path), path);
  const described = describedFlow(value);
  const definition = described === undefined ? value : parseText(described.content, `${path}, Content`);
  const parsed = parseFlow(definition);
  if (!parsed.ok) {
    const reason = parsed.issues.findLast(({ severity }) => severity === "error")?.message ?? "it cannot be run";
    throw new AppError("flow_invalid", `${path} is no flow that a contact could enter: ${reason}`);
  }
  const isModule = looksLikeModule(definition);
  const arn = described?.arn ?? `${instanceArn}/${isModule ? "flow-module" : "contact-flow"}/${random.uuid()}`;
  const name = described?.name ?? nameOf(definition) ?? basename(path, extname(path));
  return {
    path,
    flow: { arn, name, kind: isModule ? "module" : "inbound", definition: parsed.flow },
    issues: parsed.issues,
  };
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > FILE_LIMIT) throw new AppError("flow_invalid", `${path} has ${size} bytes: no flow is that large`);
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    if (code === "ENOENT") throw new AppError("path_not_found", `there is no file ${path}`, { cause });
    throw new AppError("file_unreadable", `${path} cannot be read: ${code}`, { cause });
  }
}

function parseText(text: string, what: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("flow_invalid", `${what} is not JSON: ${reason}`, { cause });
  }
}

/** The answers of the two describe commands, with the definition inside. */
function describedFlow(
  value: JsonValue,
): { content: string; arn: string | undefined; name: string | undefined } | undefined {
  if (!isObject(value)) return undefined;
  const described = objectAt(value, "ContactFlow") ?? objectAt(value, "ContactFlowModule");
  const content = textAt(described, "Content");
  if (content === undefined) return undefined;
  return { content, arn: textAt(described, "Arn"), name: textAt(described, "Name") };
}

function nameOf(definition: JsonValue): string | undefined {
  return isObject(definition) ? textAt(objectAt(definition, "Metadata"), "name") : undefined;
}

function looksLikeModule(definition: JsonValue): boolean {
  if (!isObject(definition)) return false;
  const returns = arrayAt(definition, "Actions").some(
    (action) => isObject(action) && action["Type"] === "EndFlowModuleExecution",
  );
  return returns || objectAt(definition, "Settings") !== undefined;
}
