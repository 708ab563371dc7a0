import type { RejectedResponse } from "@fourwire/core";
import type { ReactNode } from "react";
import { WireBadge } from "../theme/wire-badge.tsx";
import { isSourceName } from "../theme/wires.ts";
import { formatCount } from "../time/format.ts";
import { remedyOf } from "./remedies.ts";

export interface ReasonListProps {
  readonly reasons: RejectedResponse["reasons"];
  readonly chosen: string | undefined;
  readonly onChoose: (reason: string | undefined) => void;
}

/** How many, by reason and source; a reason narrows the list below. */
export function ReasonList({ reasons, chosen, onChoose }: ReasonListProps): ReactNode {
  return (
    <ul className="reasons" aria-label="Reasons" data-testid="reasons">
      {reasons.map((item) => (
        <li key={`${item.reason} ${item.source}`}>
          <button
            type="button"
            aria-pressed={item.reason === chosen}
            onClick={() => onChoose(item.reason === chosen ? undefined : item.reason)}
          >
            <span className="reason-count">{formatCount(item.count)}</span>
            <code>{item.reason}</code>
            {isSourceName(item.source) ? (
              <WireBadge source={item.source} />
            ) : (
              <span className="muted">{item.source}</span>
            )}
            <span className="muted reason-meaning">{remedyOf(item.reason)?.meaning}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
