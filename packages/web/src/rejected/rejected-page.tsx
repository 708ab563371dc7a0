import type { RejectedRecord } from "@fourwire/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import { rejectedQuery } from "../api/queries.ts";
import { moveIndex } from "../list/step.ts";
import type { RejectedSearch } from "../search.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { ErrorState } from "../states/error-state.tsx";
import { PageState } from "../states/page-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { formatCount, plural } from "../time/format.ts";
import { ReasonList } from "./reason-list.tsx";
import { RejectedDetail } from "./rejected-detail.tsx";
import { RejectedTable } from "./rejected-table.tsx";
import "../agents/agents.css";
import "./rejected.css";

/** What could not be decoded: why, from where, and its bytes. */
export function RejectedPage(): ReactNode {
  const { sel, reason } = useSearch({ from: "/rejected" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(rejectedQuery());
  const first = query.data?.pages[0];
  const loaded = useMemo(() => query.data?.pages.flatMap((page) => page.rejected) ?? [], [query.data]);
  const rows = useMemo(
    () => (reason === undefined ? loaded : loaded.filter((record) => record.reason === reason)),
    [loaded, reason],
  );
  const selected = loaded.find((record) => record.rejected_id === sel);
  const change = (next: Partial<RejectedSearch>): void => {
    void navigate({ to: "/rejected", search: (previous) => ({ ...previous, ...next }), replace: true });
  };
  useRejectedKeys(rows, sel, (id) => change({ sel: id }));

  if (first === undefined && query.error !== null) {
    return (
      <ErrorState
        error={query.error}
        what="the rejected records could not be read"
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (first === undefined) return <Skeleton rows={14} what="rejected records" />;
  if (first.total === 0) {
    return (
      <PageState kind="empty" title="Nothing was rejected">
        <p className="muted">
          Every record that arrived could be decoded. What cannot be is kept here with its bytes and the reason.
        </p>
      </PageState>
    );
  }
  return (
    <div className="contact rejected" data-panel={selected !== undefined}>
      <div className="contact-main">
        <ReasonList reasons={first.reasons} chosen={reason} onChoose={(next) => change({ reason: next })} />
        <div className="page-scroll">
          <RejectedTable rows={rows} selectedId={sel} onSelect={(id) => change({ sel: id })} />
          <p className="rejected-more muted">
            {formatCount(loaded.length)} of {plural(first.total, "rejected record")} loaded
            {query.hasNextPage ? (
              <button
                type="button"
                className="button"
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                Load more
              </button>
            ) : null}
          </p>
        </div>
      </div>
      {selected === undefined ? null : (
        <RejectedDetail rejected={selected} onClose={() => change({ sel: undefined })} />
      )}
    </div>
  );
}

function useRejectedKeys(
  rows: readonly RejectedRecord[],
  selectedId: string | undefined,
  select: (id: string | undefined) => void,
): void {
  const move = (by: number): void => {
    const at = rows.findIndex((record) => record.rejected_id === selectedId);
    select(rows[moveIndex(rows.length, at, by)]?.rejected_id);
  };
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => select(undefined),
  });
}
