import { LIVE_ACTIVITIES, type LiveActivityName } from "@fourwire/core";
import type { ReactNode } from "react";
import { LevelMark } from "../theme/level-mark.tsx";
import { formatCount } from "../time/format.ts";
import { ACTIVITY_LOOKS } from "./activity-looks.ts";
import { ActivityMark } from "./activity-mark.tsx";
import type { ActivityCounts } from "./arrange-board.ts";

export interface BoardSummaryProps {
  readonly counts: ActivityCounts;
  readonly attentionCount: number;
  readonly activity: LiveActivityName | undefined;
  readonly isAttention: boolean;
  readonly onActivity: (activity: LiveActivityName | undefined) => void;
  readonly onAttention: (isAttention: boolean) => void;
}

/** How many agents do what; each number is a filter. */
export function BoardSummary(props: BoardSummaryProps): ReactNode {
  const { counts, attentionCount, activity, isAttention, onActivity, onAttention } = props;
  const present = LIVE_ACTIVITIES.filter((name) => (counts[name] ?? 0) > 0 || name === activity);
  return (
    <div className="board-summary" role="group" aria-label="Agents by activity">
      {present.map((name) => (
        <button
          key={name}
          type="button"
          className="board-count"
          aria-pressed={name === activity}
          onClick={() => onActivity(name === activity ? undefined : name)}
          data-testid={`count-${name}`}
        >
          <ActivityMark activity={name} />
          <strong>{formatCount(counts[name] ?? 0)}</strong> {ACTIVITY_LOOKS[name].label}
        </button>
      ))}
      {attentionCount > 0 || isAttention ? (
        <button
          type="button"
          className="board-count"
          aria-pressed={isAttention}
          onClick={() => onAttention(!isAttention)}
          data-testid="count-attention"
        >
          <LevelMark severityNumber={13} label="" />
          <strong>{formatCount(attentionCount)}</strong> need attention
        </button>
      ) : null}
    </div>
  );
}
