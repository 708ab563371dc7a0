import { randomBytes } from "node:crypto";
import type { Store } from "@fourwire/store";
import { Access } from "../access/access.ts";
import { AgentBoard } from "../agents/agent-board.ts";
import { RateLimiter } from "../access/rate-limiter.ts";
import { TokenRegistry } from "../access/token-registry.ts";
import type { Config } from "../config/config.ts";
import type { LiveTail } from "../live-tail.ts";
import { CanaryWatch } from "../receivers/canary/canary-watch.ts";
import { deliver, sleep } from "../receivers/deliver.ts";
import { Receivers } from "../receivers/start-receivers.ts";
import { Wfm } from "../wfm/wfm.ts";
import type { ServerContext } from "./context.ts";
import { HttpReceivers } from "./http-receivers.ts";
import { Intake, type Refusal } from "./intake.ts";

const TOKEN_BYTES = 24;
const LIFE_BYTES = 6;

export interface ContextParts {
  readonly store: Store;
  readonly tail: LiveTail;
  readonly config: Config;
  readonly isDemo: boolean;
  readonly version: string;
  readonly startedTime: number;
  readonly now: () => number;
  /** The token of this run; made here where none is given. */
  readonly token?: string;
}

/** Puts together what the routes work with. Throws where a receiver's configuration cannot work. */
export async function createContext(parts: ContextParts): Promise<ServerContext> {
  const { store, tail, config, now } = parts;
  const token = parts.token ?? randomBytes(TOKEN_BYTES).toString("base64url");
  const canaries = new CanaryWatch(now);
  const registry = await TokenRegistry.open(store.accessTokens, now);
  const life = randomBytes(LIFE_BYTES).toString("base64url").replaceAll("-", "_");
  const board = new AgentBoard({ store, tail, settings: config.agents, now, life });
  return {
    store,
    tail,
    config,
    canaries,
    receivers: Receivers.create(config.receivers, canaries, {
      deliver: (messages, signal, onRefused) => deliver({ store, tail, canaries }, messages, signal, onRefused),
      checkpoints: store.checkpoints,
      now,
      sleep,
    }),
    httpReceivers: new HttpReceivers(now),
    intake: new Intake({ maxWaitingBytes: config.limits.max_waiting, storeRefusal: () => refusalOf(store) }),
    access: new Access({ mode: config.server.access, registry, runToken: token }),
    board,
    wfm: Wfm.create(config.wfm, { board, now, life }),
    rateLimiter: new RateLimiter(
      {
        requestsPerSecond: config.limits.token_requests_per_second,
        bytesPerSecond: config.limits.token_bytes_per_second,
      },
      now,
    ),
    now,
    isDemo: parts.isDemo,
    startedTime: parts.startedTime,
    version: parts.version,
    token,
  };
}

/** A full disk is not emptied within a second. */
const DISK_RETRY_AFTER_S = 15;

/** Why the store would not take records now. */
function refusalOf(store: Store): Refusal | undefined {
  const { state, usedFraction, lowWaterMark } = store.intakeState;
  if (state === "disk_full") {
    const message = `the disk of the data directory is ${Math.round(100 * usedFraction)} % full; below ${Math.round(100 * lowWaterMark)} % records are taken again`;
    return { code: "disk_full", message, retryAfterS: DISK_RETRY_AFTER_S };
  }
  if (!store.isBusy) return undefined;
  return { code: "overload", message: "too much is waiting to be stored; send this again", retryAfterS: 1 };
}
