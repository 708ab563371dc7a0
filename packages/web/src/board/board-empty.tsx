import type { ReactNode } from "react";
import { EmptyState } from "../states/empty-state.tsx";
import { PageState } from "../states/page-state.tsx";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { BoardState } from "./board-store.ts";

export interface BoardEmptyProps {
  readonly facts: NonNullable<BoardState["facts"]>;
  readonly onAt: (at: string) => void;
  readonly onClearFilter: (() => void) | undefined;
}

/** Why nobody is on the board: the filter, nobody at that time, or no agent event ever. */
export function BoardEmpty({ facts, onAt, onClearFilter }: BoardEmptyProps): ReactNode {
  const { zone } = usePageRange();
  const last = facts.last_event_time;
  if (onClearFilter !== undefined || last === null) return <EmptyState what="agents" onClearFilter={onClearFilter} />;
  return (
    <PageState kind="empty" title={facts.is_live ? "Nobody is on the board now" : "Nobody was on the board then"}>
      <p className="muted">
        The newest agent event is of {formatInstantIn(last, zone)}. An agent leaves the board when nothing was heard for
        a day.
      </p>
      <p className="actions">
        <button type="button" className="button" onClick={() => onAt(last)} data-testid="board-last">
          Show the board as it was then
        </button>
      </p>
    </PageState>
  );
}
