import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { openStore } from "../src/cli/open-store.ts";
import { defaultConfig, type Config } from "../src/config/config.ts";
import type { ServerContext } from "../src/http/context.ts";
import { createContext } from "../src/http/create-context.ts";
import { createServer } from "../src/http/server.ts";
import { LiveTail } from "../src/live-tail.ts";

export const TOKEN = "a-token-for-tests";

/** 2026-11-20T09:00:00Z */
export const NINE = Date.UTC(2026, 10, 20, 9);

/** Everything the tests store lies in here. */
export const RANGE = "from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, never>;
  readonly headers: Record<string, unknown>;
}

/** A server over a data directory of its own. */
export class TemporaryServer {
  readonly app: FastifyInstance;
  readonly context: ServerContext;
  readonly #path: string;

  private constructor(app: FastifyInstance, context: ServerContext, path: string) {
    this.app = app;
    this.context = context;
    this.#path = path;
  }

  static async create(config: Partial<Config> = {}, now: () => number = Date.now): Promise<TemporaryServer> {
    const path = await mkdtemp(join(tmpdir(), "fourwire-server-"));
    const store = await openStore({ path, command: "test", now });
    const context = await createContext({
      store,
      tail: new LiveTail(),
      config: { ...defaultConfig(), ...config },
      isDemo: false,
      startedTime: NINE,
      version: "0.0.0",
      now,
      token: TOKEN,
    });
    return new TemporaryServer(await createServer(context), context, path);
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.app.inject({ method: "GET", url, headers });
    return {
      status: response.statusCode,
      body: JSON.parse(response.body) as Answer["body"],
      headers: response.headers,
    };
  }

  async post(url: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.app.inject({ method: "POST", url, payload, headers });
    return {
      status: response.statusCode,
      body: JSON.parse(response.body) as Answer["body"],
      headers: response.headers,
    };
  }

  /** Posts records with the server's token. */
  ingest(source: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.post(`/v1/records/${source}`, payload, {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/x-ndjson",
      ...headers,
    });
  }

  async remove(): Promise<void> {
    this.context.tail.close();
    this.context.wfm.close();
    await this.context.board.close();
    await this.app.close();
    await this.context.store.close();
    await rm(this.#path, { recursive: true, force: true });
  }
}

/** A line of the CCP's log, `offset` ms after nine o'clock. */
export function ccpLine(text: string, offset = 0, fields: object = {}): Record<string, unknown> {
  return {
    component: "ccp",
    level: "INFO",
    text,
    time: new Date(NINE + offset).toISOString(),
    loggerId: "1795165200000-abc",
    agentResourceId: "99999999-aaaa-bbbb-cccc-dddddddddddd",
    ...fields,
  };
}

export function flowEntry(contactId: string, offset = 0, fields: object = {}): Record<string, unknown> {
  return {
    ContactId: contactId,
    ContactFlowId:
      "arn:aws:connect:us-east-2:012345678901:instance/11111111-2222-3333-4444-555555555555/contact-flow/8a9b0000-0000-0000-0000-000000000000",
    ContactFlowName: "Main",
    ContactFlowModuleType: "SetQueue",
    Timestamp: new Date(NINE + offset).toISOString(),
    ...fields,
  };
}

export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
