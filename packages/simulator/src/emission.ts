import type { SourceName, UnixMillis } from "@fourwire/core";

/** One record, as Amazon writes it, at the instant it happened. */
export interface Emission {
  /** True time in the simulation. A CCP entry's own `time` differs from it by its browser's clock skew. */
  readonly time: UnixMillis;
  readonly source: SourceName;
  /** One wire document: the record itself, without the delivery's wrapper. */
  readonly body: string;
}
