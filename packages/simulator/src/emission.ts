import type { SourceName, UnixMillis } from "@fourwire/core";

/** Which instance a record is of, and the account and Region that delivered it. */
export interface Origin {
  readonly accountId: string;
  readonly region: string;
  readonly alias: string;
  readonly instanceId: string;
}

/** One record, as Amazon writes it, at the instant it is delivered. */
export interface Emission {
  /**
   * True time of delivery: when it happened, but for the few records that come late or twice. A CCP entry's own `time`
   * differs from it by its browser's clock skew.
   */
  readonly time: UnixMillis;
  readonly source: SourceName;
  /** One wire document: the record itself, without the delivery's wrapper. */
  readonly body: string;
  readonly origin: Origin;
  /** The agent's ARN for agent events (their partition key), the login name for CCP entries, the contact's id else. */
  readonly key: string;
}
