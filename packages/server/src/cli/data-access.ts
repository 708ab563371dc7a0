import { setTimeout as timer } from "node:timers/promises";
import type {
  AccessTokenResponse,
  AgentDayResponse,
  AgentIntervalName,
  AgentIntervalsResponse,
  AgentResponse,
  ContactTimeline,
  CreatedTokenResponse,
  QueryResponse,
  RejectedResponse,
  ShiftImportResponse,
  SourceName,
} from "@fourwire/core";
import { dataDirectory, readOwner, type Owner, type ReplaySelection } from "@fourwire/store";
import type { OpenSpan } from "../agent-records.ts";
import { CONFIG_FILE_NAME, readConfiguredData } from "../config/load-config.ts";
import type { TokenRequestBody } from "../http/token-routes.ts";
import type { FileOrigins } from "../import/file-list.ts";
import type { ImportProgress, ImportReport } from "../import/import-files.ts";
import type { ReplayProgress, ReplayReport } from "../replay-rejected.ts";
import type { QueueFileRequest } from "../wfm/interval-files.ts";
import { LocalData } from "./local-data.ts";
import { RemoteData } from "./remote-data.ts";

export interface ImportRequest {
  readonly paths: readonly string[];
  /** Addresses that some of the paths were downloaded from. */
  readonly origins?: FileOrigins;
  readonly source: SourceName | undefined;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface IntervalsQuestion {
  readonly from: number;
  readonly to: number;
  readonly interval: AgentIntervalName;
  readonly zone: string;
}

export interface ShiftQuestion {
  readonly text: string;
  readonly origin: string;
  readonly zone: string | undefined;
  readonly agent: string | undefined;
}

/** What the commands do with a data directory, whether they hold it or a running server does. */
export interface DataAccess {
  importFiles(request: ImportRequest): Promise<ImportReport>;
  query(sql: string, limit: number): Promise<QueryResponse>;
  /** Writes every row of the query to a Parquet file. */
  exportParquet(sql: string, path: string): Promise<void>;
  contact(contactId: string): Promise<ContactTimeline>;
  agent(agent: string, span: OpenSpan): Promise<AgentResponse>;
  agentDay(agent: string, span: { readonly from: number; readonly to: number }): Promise<AgentDayResponse>;
  /** Every agent in every interval. */
  intervals(request: IntervalsQuestion): Promise<AgentIntervalsResponse>;
  /** Volumes of queues per interval as CSV text. */
  queueIntervals(request: QueueFileRequest): Promise<string>;
  importShifts(file: ShiftQuestion): Promise<ShiftImportResponse>;
  rejected(limit: number): Promise<RejectedResponse>;
  /** The newest first; those that ended too. */
  tokens(): Promise<readonly AccessTokenResponse[]>;
  createToken(request: TokenRequestBody): Promise<CreatedTokenResponse>;
  /** By id, name or the token itself. Throws `not_found`. */
  rotateToken(reference: string, overlapMs: number): Promise<CreatedTokenResponse>;
  revokeToken(reference: string): Promise<AccessTokenResponse>;
  /** Decodes rejected records again. */
  replay(selection: ReplaySelection, onProgress: (progress: ReplayProgress) => void): Promise<ReplayReport>;
  close(): Promise<void>;
}

/**
 * The folder the commands work on: `--data`, else `$FOURWIRE_DATA`, else `data` of the fourwire.yaml in the working
 * directory, so that every command means the folder that `serve` would, else `./fourwire-data`.
 */
export function dataPath(option: string | undefined): string {
  return option ?? process.env["FOURWIRE_DATA"] ?? readConfiguredData(CONFIG_FILE_NAME) ?? "fourwire-data";
}

/** How long a server may take to open its store, which after a crash reads a long log first. */
const START_PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Asks the server that holds the directory, waiting for one that is starting, or opens it. Throws `store_locked` when
 * another command holds it.
 */
export async function openData(path: string, command: string): Promise<DataAccess> {
  const owner = await startedOwner(path);
  if (owner?.url != null && owner.token !== null) return new RemoteData(owner.url, owner.token);
  return LocalData.open(path, command);
}

/** Who holds the directory; a server once it listens, or as it is when the patience for that is over. */
async function startedOwner(path: string): Promise<Owner | undefined> {
  const directory = dataDirectory(path);
  const giveUpTime = Date.now() + START_PATIENCE_MS;
  let isTold = false;
  for (;;) {
    const owner = await readOwner(directory);
    const isStarting = owner?.url === null && (owner.command === "serve" || owner.command === "demo");
    if (!isStarting || owner.pid === process.pid || Date.now() >= giveUpTime) return owner;
    if (!isTold)
      process.stderr.write(`fourwire: waiting for fourwire ${owner.command} (process ${owner.pid}) to start\n`);
    isTold = true;
    await timer(LOOK_EVERY_MS);
  }
}
