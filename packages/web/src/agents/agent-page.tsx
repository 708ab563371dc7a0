import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { agentQuery } from "../api/queries.ts";
import { writeTerm } from "../filter/terms.ts";
import { RecordList } from "../list/record-list.tsx";
import { useRecordKeys } from "../list/use-record-keys.ts";
import { RecordPanel } from "../record/record-panel.tsx";
import type { SelectionSearch } from "../search.ts";
import { EmptyState } from "../states/empty-state.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Notice } from "../states/notice.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { AgentState } from "./agent-state.tsx";
import "./agents.css";

/** One agent: the last state the event stream gave, and every record that names them in the time range. */
export function AgentPage(): ReactNode {
  const { agentId } = useParams({ from: "/agents/$agentId" });
  const { sel, panel } = useSearch({ from: "/agents/$agentId" });
  const { span } = usePageRange();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(agentQuery(agentId, span));
  const entries = useMemo(() => data?.entries.toReversed() ?? [], [data]);
  const change = (next: Partial<SelectionSearch>): void => {
    void navigate({
      to: "/agents/$agentId",
      params: { agentId },
      search: (previous) => ({ ...previous, ...next }),
      replace: true,
    });
  };
  const onSelect = (recordId: string): void => change({ sel: recordId });
  const onOpen = (recordId: string): void => change({ sel: recordId, panel: panel ?? "fields" });
  const onClose = (): void => change({ panel: undefined });
  useRecordKeys({
    records: entries,
    selectedId: sel,
    isPanelOpen: panel !== undefined,
    onSelect,
    onOpen,
    onClose,
  });

  if (data === undefined && error !== null) {
    return <ErrorState error={error} what="the agent could not be read" onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <Skeleton rows={16} what="the agent" />;
  return (
    <div className="contact" data-panel={panel !== undefined && sel !== undefined}>
      <div className="contact-main">
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
      </div>
      {panel === undefined || sel === undefined ? null : (
        <RecordPanel
          recordId={sel}
          tab={panel}
          onTab={(tab) => change({ panel: tab })}
          onClose={onClose}
          onSelect={onSelect}
          onFilter={({ field, value, isExcluded }) => {
            void navigate({ to: "/explorer", search: { q: `${isExcluded ? "-" : ""}${writeTerm(field, [value])}` } });
          }}
        />
      )}
    </div>
  );
}
