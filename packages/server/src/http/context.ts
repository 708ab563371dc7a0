import type { Receivers } from "../receivers/start-receivers.ts";
import type { LiveTail } from "../live-tail.ts";
import type { Store } from "@fourwire/store";

/** What every route works with. */
export interface ServerContext {
  readonly store: Store;
  readonly tail: LiveTail;
  readonly receivers: Receivers;
  readonly isDemo: boolean;
  readonly startedTime: number;
  readonly version: string;
  /** Shown by local commands and required to ingest; kept in `owner.json`, readable by its user only. */
  readonly token: string;
}
