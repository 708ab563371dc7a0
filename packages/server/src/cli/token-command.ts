import { AppError, SOURCE_NAMES, type AccessTokenResponse, type CreatedTokenResponse } from "@fourwire/core";
import { Option, type Command } from "commander";
import { tokenRequestSchema, type TokenRequestBody } from "../http/token-routes.ts";
import { durationSchema, durationText } from "../receivers/duration.ts";
import { dataPath, openData, type DataAccess } from "./data-access.ts";
import { formatTable } from "./table.ts";

interface TokenFlags {
  readonly data?: string;
  readonly json?: boolean;
}

interface CreateFlags extends TokenFlags {
  readonly scope: string;
  readonly name?: string;
  readonly source?: readonly string[];
  readonly group?: readonly string[];
  readonly expires?: string;
}

const YEAR_MS = 366 * 86_400_000;

export function addTokenCommand(program: Command): void {
  const token = program.command("token").description("make, list, rotate and revoke access tokens");
  withCommonFlags(token.command("create"))
    .description("make a token; it is shown once and kept only as a hash")
    .addOption(new Option("--scope <scope>", "what it may do").choices(["ingest", "read", "admin"]).default("ingest"))
    .option("--name <name>", "what it is for (default: the scope and the time)")
    .option("--source <source...>", `sources it may send: ${SOURCE_NAMES.join(", ")} (default: all)`)
    .option("--group <group...>", "groups of CCP logs it may send (default: all)")
    .option("--expires <duration>", "it ends after this time, such as 90d (default: never)")
    .addHelpText(
      "after",
      "\nExamples:\n  fourwire token create --scope ingest --name firehose-agent-events --source agent_event contact_record\n  fourwire token create --scope read --name grafana --expires 90d --json",
    )
    .action((flags: CreateFlags) =>
      run(flags, async (data) => showCreated(await data.createToken(requestOf(flags)), flags)),
    );
  withCommonFlags(token.command("list"))
    .description("every token with its id, scope and rights; never the token itself")
    .option("--all", "also those that expired or were revoked")
    .action((flags: TokenFlags & { readonly all?: boolean }) =>
      run(flags, async (data) => {
        const tokens = await data.tokens();
        showTokens(flags.all === true ? tokens : tokens.filter((one) => stateOf(one) === "valid"), flags);
      }),
    );
  withCommonFlags(token.command("revoke"))
    .description("end a token at once, also in a running server")
    .argument("<token>", "its id, its name, or itself")
    .action((reference: string, flags: TokenFlags) =>
      run(flags, async (data) => showTokens([await data.revokeToken(reference)], flags)),
    );
  withCommonFlags(token.command("rotate"))
    .description("make a new token with the rights of an old one, which ends")
    .argument("<token>", "its id, its name, or itself")
    .option("--overlap <duration>", "the old one goes on for this time, such as 1d (default: it ends at once)")
    .action((reference: string, flags: TokenFlags & { readonly overlap?: string }) =>
      run(flags, async (data) => {
        const overlapMs = flags.overlap === undefined ? 0 : duration(flags.overlap, "--overlap", 30 * 86_400_000);
        showCreated(await data.rotateToken(reference, overlapMs), flags);
      }),
    );
}

function withCommonFlags(command: Command): Command {
  return command
    .option("--data <dir>", "data directory (default: $FOURWIRE_DATA, else ./fourwire-data)")
    .option("--json", "print JSON");
}

async function run(flags: TokenFlags, work: (data: DataAccess) => Promise<void>): Promise<void> {
  const data = await openData(dataPath(flags.data), "token");
  try {
    await work(data);
  } finally {
    await data.close();
  }
}

function requestOf(flags: CreateFlags): TokenRequestBody {
  const parsed = tokenRequestSchema.safeParse({
    name: flags.name ?? `${flags.scope} ${new Date().toISOString().slice(0, 19)}`,
    scope: flags.scope,
    sources: flags.source ?? null,
    groups: flags.group ?? null,
    expires_in_ms: flags.expires === undefined ? null : duration(flags.expires, "--expires", 10 * YEAR_MS),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const flag = issue?.path[0] === "sources" ? "source" : issue?.path[0] === "groups" ? "group" : "name";
  throw new AppError("parameter_invalid", `--${flag}: ${issue?.message ?? "is not valid"}`);
}

function duration(text: string, flag: string, maxMs: number): number {
  const parsed = durationSchema({ minMs: 1000, maxMs }).safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AppError("parameter_invalid", `${flag} takes a duration of 1s to ${durationText(maxMs)}, not "${text}"`);
}

/** On the terminal the token stands alone on standard output, so that it can be piped; what it is goes beside it. */
function showCreated(created: CreatedTokenResponse, flags: TokenFlags): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(created)}\n`);
    return;
  }
  process.stderr.write(`token ${created.token_id} (${created.name}, scope ${created.scope}); it is not shown again:\n`);
  process.stdout.write(`${created.token}\n`);
}

function showTokens(tokens: readonly AccessTokenResponse[], flags: TokenFlags): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ tokens })}\n`);
    return;
  }
  const rows = tokens.map((token) => [
    token.token_id,
    token.name,
    token.scope,
    token.sources?.join(" ") ?? "all",
    token.groups?.join(" ") ?? "all",
    token.created_time,
    stateOf(token),
  ]);
  process.stdout.write(formatTable(["id", "name", "scope", "sources", "groups", "created_time", "state"], rows));
}

function stateOf(token: AccessTokenResponse): string {
  if (token.revoked_time !== null) return "revoked";
  if (token.expires_time === null) return "valid";
  return Date.parse(token.expires_time) <= Date.now() ? "expired" : "valid";
}
