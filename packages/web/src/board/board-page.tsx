import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorState } from "../states/error-state.tsx";
import { Notice } from "../states/notice.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { formatInstantIn, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { useSecond } from "../time/use-second.ts";
import type { Arrangement } from "./arrange-board.ts";
import { BoardEmpty } from "./board-empty.tsx";
import { BOARD_GROUPINGS, type BoardGrouping, type BoardSearch } from "./board-search.ts";
import { BoardSummary } from "./board-summary.tsx";
import { BoardTable } from "./board-table.tsx";
import { TimeMachine } from "./time-machine.tsx";
import { useArrangement } from "./use-arrangement.ts";
import { useBoard, type Board } from "./use-board.ts";
import "./board.css";

const GROUPING_LABELS: Readonly<Record<BoardGrouping, string>> = {
  activity: "Activity",
  hierarchy: "Hierarchy",
  routing_profile: "Routing profile",
  queue: "Queue",
};

/** Every agent now, or at any past instant. */
export function BoardPage(): ReactNode {
  const search = useSearch({ from: "/agents" });
  const navigate = useNavigate();
  const board = useBoard(search.at);
  const arrangement = useArrangement(board.state, search);
  const change = (next: Partial<BoardSearch>): void => {
    void navigate({ to: "/agents", search: (previous) => ({ ...previous, ...next }), replace: true });
  };
  return (
    <div className="page board">
      <BoardTools search={search} count={arrangement.agentCount} board={board} onChange={change} />
      <BoardSummary
        counts={arrangement.counts}
        attentionCount={arrangement.attentionCount}
        activity={search.activity}
        isAttention={search.attention !== undefined}
        onActivity={(activity) => change({ activity })}
        onAttention={(isAttention) => change({ attention: isAttention ? "1" : undefined })}
      />
      <BoardBody search={search} board={board} arrangement={arrangement} onChange={change} />
    </div>
  );
}

interface BoardBodyProps {
  readonly search: BoardSearch;
  readonly board: Board;
  readonly arrangement: Arrangement;
  readonly onChange: (next: Partial<BoardSearch>) => void;
}

function BoardBody({ search, board, arrangement, onChange }: BoardBodyProps): ReactNode {
  const { zone } = usePageRange();
  const navigate = useNavigate();
  const { facts } = board.state;
  if (board.error !== null && search.at !== undefined)
    return <ErrorState error={board.error} what="the board could not be read" onRetry={board.retry} />;
  if (facts === undefined) return <Skeleton rows={16} what="agents" />;
  const isFiltered = search.q !== undefined || search.activity !== undefined || search.attention !== undefined;
  const clear = (): void => onChange({ q: undefined, activity: undefined, attention: undefined });
  return (
    <>
      {search.at === undefined ? null : (
        <Notice kind="stale">
          The board as it was at {formatInstantIn(search.at, zone)}.
          {facts.is_partial ? " Some records of that time are still being worked in." : ""}
        </Notice>
      )}
      {arrangement.agentCount === 0 ? (
        <BoardEmpty facts={facts} onAt={(at) => onChange({ at })} onClearFilter={isFiltered ? clear : undefined} />
      ) : (
        <BoardTable
          items={arrangement.items}
          state={board.state}
          selectedId={search.sel}
          zone={zone}
          onSelect={(sel) => onChange({ sel })}
          onOpen={(agentId) => void navigate({ to: "/agents/$agentId", params: { agentId } })}
        />
      )}
    </>
  );
}

interface BoardToolsProps {
  readonly search: BoardSearch;
  readonly count: number;
  readonly board: Board;
  readonly onChange: (next: Partial<BoardSearch>) => void;
}

function BoardTools({ search, count, board, onChange }: BoardToolsProps): ReactNode {
  const { zone } = usePageRange();
  const { facts, clockOffsetMs } = board.state;
  const nowMs = useSecond() + clockOffsetMs;
  return (
    <div className="page-tools board-tools">
      <input
        className="input"
        type="search"
        data-focus-key="/"
        value={search.q ?? ""}
        onChange={(event) => onChange({ q: event.target.value === "" ? undefined : event.target.value })}
        placeholder="Name, login, status, queue, team"
        aria-label="Find among the agents"
      />
      <label className="board-grouping">
        <span className="muted">Group by</span>{" "}
        <select
          className="input"
          value={search.group ?? ""}
          onChange={(event) => onChange({ group: BOARD_GROUPINGS.find((name) => name === event.target.value) })}
          data-testid="board-group"
        >
          <option value="">nothing</option>
          {BOARD_GROUPINGS.map((name) => (
            <option key={name} value={name}>
              {GROUPING_LABELS[name]}
            </option>
          ))}
        </select>
      </label>
      <span className="muted" aria-live="polite">
        {facts === undefined ? "" : plural(count, "agent")}
        {board.isLost ? ", connection lost, trying again" : ""}
      </span>
      <span className="spacer" />
      <TimeMachine at={search.at} nowMs={nowMs} zone={zone} onAt={(at) => onChange({ at })} />
    </div>
  );
}
