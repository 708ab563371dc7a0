import type { RecordSummary } from "@fourwire/core";
import type { ReactNode } from "react";
import { RecordList } from "../list/record-list.tsx";
import { EmptyState } from "../states/empty-state.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";

/** The part of an infinite query that is needed here. */
interface RecordsQuery {
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
  readonly refetch: () => Promise<unknown>;
}

export interface RecordsResultProps {
  readonly query: RecordsQuery;
  readonly rows: readonly RecordSummary[];
  readonly q: string;
  /** Another value is another list, which begins at its top. */
  readonly listKey: string;
  readonly selectedId: string | undefined;
  readonly onOpen: (recordId: string) => void;
  readonly onClearFilter: () => void;
}

/** The list, or what is to be said instead of it. */
export function RecordsResult({
  query,
  rows,
  q,
  listKey,
  selectedId,
  onOpen,
  onClearFilter,
}: RecordsResultProps): ReactNode {
  if (query.error !== null && rows.length === 0) {
    return <ErrorState error={query.error} what="the records could not be read" onRetry={() => void query.refetch()} />;
  }
  if (query.isPending) return <Skeleton rows={24} what="records" />;
  if (rows.length === 0) return <EmptyState what="records" onClearFilter={q === "" ? undefined : onClearFilter} />;
  const onNearEnd = (): void => {
    if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
  };
  return (
    <RecordList
      key={listKey}
      records={rows}
      label="Records, newest first"
      selectedId={selectedId}
      onOpen={onOpen}
      onNearEnd={onNearEnd}
    />
  );
}
