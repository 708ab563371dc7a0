/** GET /v1/receivers: what fetches records, and who posts them. Times are ISO 8601, UTC. */
export interface ReceiversResponse {
  readonly now: string;
  readonly receivers: readonly {
    /** Of the configuration, or `route (token)` for one that posts. */
    readonly name: string;
    readonly type: string;
    readonly state: "starting" | "waiting" | "receiving" | "behind" | "failing" | "denied" | "stopped";
    /** What failed and what to do, when state is failing or denied. */
    readonly detail: string | null;
    readonly last_record_time: string | null;
    readonly lag_ms: number | null;
    readonly records_per_minute: number;
    readonly appended: number;
    readonly duplicate: number;
    readonly rejected: number;
    /** Left out on purpose, by reason. */
    readonly dropped: Readonly<Record<string, number>>;
    /** Records of our own that were sent to come back through it; null where that is off. */
    readonly canary: {
      readonly sent: number;
      readonly arrived: number;
      /** Not back in time. */
      readonly lost: number;
      readonly last_sent_time: string | null;
      readonly last_arrived_time: string | null;
      readonly last_latency_ms: number | null;
      /** Why the last one could not be sent. */
      readonly send_error: string | null;
    } | null;
    /** Sessions that tell a receiver of CloudWatch Logs when to read; null where it has none. */
    readonly live_tail: {
      readonly is_connected: boolean;
      readonly session_count: number;
      readonly wake_count: number;
    } | null;
    /** Holes that cannot be filled any more. */
    readonly gaps: readonly { readonly from_time: string; readonly to_time: string; readonly reason: string }[];
  }[];
  /** Requests shed because too much was waiting or the store refused. */
  readonly refused_count: number;
  readonly waiting_bytes: number;
  readonly live_readers: number;
  /** Readers of the live tail that did not keep up and were cut off. */
  readonly slow_readers_closed: number;
}
