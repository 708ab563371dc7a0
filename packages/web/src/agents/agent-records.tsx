import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { agentQuery } from "../api/queries.ts";
import { RecordList } from "../list/record-list.tsx";
import { useRecordKeys } from "../list/use-record-keys.ts";
import { EmptyState } from "../states/empty-state.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Notice } from "../states/notice.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import type { AgentSearch } from "./agent-search.ts";
import { AgentState } from "./agent-state.tsx";

export interface AgentRecordsProps {
  readonly agentId: string;
  readonly search: AgentSearch;
  readonly onChange: (next: Partial<AgentSearch>) => void;
}

/** The last state the event stream gave, and every record that names the agent in the time range. */
export function AgentRecords({ agentId, search, onChange }: AgentRecordsProps): ReactNode {
  const { sel, panel } = search;
  const { span } = usePageRange();
  const { data, error, refetch } = useQuery(agentQuery(agentId, span));
  const entries = useMemo(() => data?.entries.toReversed() ?? [], [data]);
  const onOpen = (recordId: string): void => onChange({ sel: recordId, panel: panel ?? "fields" });
  useRecordKeys({
    records: entries,
    selectedId: sel,
    isPanelOpen: panel !== undefined,
    onSelect: (recordId) => onChange({ sel: recordId }),
    onOpen,
    onClose: () => onChange({ panel: undefined }),
  });
  if (data === undefined && error !== null) {
    return <ErrorState error={error} what="the agent could not be read" onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton rows={16} what="the agent" />;
  return (
    <>
      <AgentState agent={data} />
      {data.is_truncated ? (
        <Notice kind="truncated">
          Too much to show at once: narrowed to {plural(entries.length, "record")}. Choose a shorter time range.
        </Notice>
      ) : null}
      {entries.length === 0 ? (
        <EmptyState what="records of this agent" />
      ) : (
        <RecordList records={entries} label="Records of the agent, newest first" selectedId={sel} onOpen={onOpen} />
      )}
    </>
  );
}
