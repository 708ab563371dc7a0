import type { ReactNode } from "react";
import { zoneSuffix } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface RecordHeadProps {
  readonly hasContact: boolean;
}

/** Names of the columns, and the zone of the times. */
export function RecordHead({ hasContact }: RecordHeadProps): ReactNode {
  const { zone, resolved } = usePageRange();
  return (
    <div className="record-head" aria-hidden="true">
      <span />
      <span>Time ({zone === "utc" ? "UTC" : `local, ${zoneSuffix(resolved.toMs, zone)}`})</span>
      <span className="cell-source">Source</span>
      <span className="cell-agent">Agent</span>
      <span className={hasContact ? "cell-contact" : "cell-relation"}>{hasContact ? "Contact" : "Relation"}</span>
      <span>Message</span>
    </div>
  );
}
