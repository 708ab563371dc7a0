import type { Access } from "../access/access.ts";
import type { RateLimiter } from "../access/rate-limiter.ts";
import type { AgentBoard } from "../agents/agent-board.ts";
import type { Config } from "../config/config.ts";
import type { CanaryWatch } from "../receivers/canary/canary-watch.ts";
import type { Receivers } from "../receivers/start-receivers.ts";
import type { LiveTail } from "../live-tail.ts";
import type { Store } from "@fourwire/store";
import type { Wfm } from "../wfm/wfm.ts";
import type { HttpReceivers } from "./http-receivers.ts";
import type { Intake } from "./intake.ts";

/** What every route works with. */
export interface ServerContext {
  readonly store: Store;
  readonly tail: LiveTail;
  readonly config: Config;
  readonly receivers: Receivers;
  readonly canaries: CanaryWatch;
  /** The senders that post. */
  readonly httpReceivers: HttpReceivers;
  readonly intake: Intake;
  readonly board: AgentBoard;
  readonly wfm: Wfm;
  readonly access: Access;
  readonly rateLimiter: RateLimiter;
  readonly now: () => number;
  readonly isDemo: boolean;
  readonly startedTime: number;
  readonly version: string;
  /** Shown by local commands; kept in `owner.json`, readable by its user only. May do everything. */
  readonly token: string;
}
