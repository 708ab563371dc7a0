import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, type ReactNode } from "react";
import type { ExplorerSearch } from "../search.ts";
import { Skeleton } from "../states/skeleton.tsx";
import { usePageRange } from "../time/range-context.ts";
import { LiveView } from "./live-view.tsx";
import { RecordsView } from "./records-view.tsx";
import "./explorer.css";

const SqlView = lazy(async () => ({ default: (await import("./sql-view.tsx")).SqlView }));

export type ChangeExplorer = (change: Partial<ExplorerSearch>, isReplacing?: boolean) => void;

/** All records: by filter, live, or by SQL. */
export function ExplorerPage(): ReactNode {
  const search = useSearch({ from: "/explorer" });
  const { isLive } = usePageRange();
  const navigate = useNavigate();
  const change: ChangeExplorer = useCallback(
    (next, isReplacing = false) => {
      void navigate({ to: "/explorer", search: (previous) => ({ ...previous, ...next }), replace: isReplacing });
    },
    [navigate],
  );
  if (search.mode === "sql") {
    return (
      <Suspense fallback={<Skeleton rows={12} what="the SQL editor" />}>
        <SqlView sql={search.sql} onChange={change} />
      </Suspense>
    );
  }
  return isLive ? <LiveView search={search} onChange={change} /> : <RecordsView search={search} onChange={change} />;
}
