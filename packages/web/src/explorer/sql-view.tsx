import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { sqlQuery } from "../api/queries.ts";
import { CopyButton } from "../shell/copy-button.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Notice } from "../states/notice.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { formatCount, plural } from "../time/format.ts";
import type { ChangeExplorer } from "./explorer-page.tsx";
import { ModeSwitch } from "./mode-switch.tsx";
import { QueryTable } from "./query-table.tsx";
import { SqlEditor } from "./sql-editor.tsx";
import { toCsv } from "./to-csv.ts";

export interface SqlViewProps {
  /** The query in force; undefined before the first one. */
  readonly sql: string | undefined;
  readonly onChange: ChangeExplorer;
}

const EXAMPLE = `select source, event_name, count(*) as records, max(event_time) as last_event_time
from log_record
group by source, event_name
order by records desc`;

/** SQL over everything stored. It can only read. */
export function SqlView({ sql, onChange }: SqlViewProps): ReactNode {
  const [draft, setDraft] = useState(sql ?? EXAMPLE);
  const query = useQuery({ ...sqlQuery(sql ?? ""), enabled: sql !== undefined });
  const run = (text: string): void => {
    const next = text.trim();
    if (next === "") return;
    if (next === sql) void query.refetch();
    else onChange({ sql: next });
  };
  const result = query.data;
  return (
    <div className="explorer sql">
      <div className="filter-bar">
        <ModeSwitch mode="sql" onMode={(mode) => onChange({ mode: mode === "sql" ? "sql" : undefined })} />
        <button
          type="button"
          className="button primary"
          onClick={() => run(draft)}
          disabled={query.isFetching}
          data-testid="sql-run"
        >
          {query.isFetching ? "Running…" : "Run"}
        </button>
        <kbd>Ctrl Enter</kbd>
        <span className="spacer" />
        {result === undefined ? null : (
          <>
            <span className="muted" data-testid="sql-count">
              {plural(result.rows.length, "row")}, {formatCount(result.took_ms)} ms
            </span>
            <CopyButton text={toCsv(result)} what="result as CSV" className="button">
              Copy as CSV
            </CopyButton>
          </>
        )}
      </div>
      <SqlEditor initial={draft} onEdit={setDraft} onRun={run} />
      <div className="sql-result">
        {query.error === null ? null : <ErrorState error={query.error} what="the query did not run" />}
        {query.isLoading ? <Skeleton rows={14} what="the result" /> : null}
        {result?.is_truncated === true ? (
          <Notice kind="truncated">
            Too many rows: narrowed to the first {formatCount(result.rows.length)}. Add a `limit`, a `where` or a `group
            by`.
          </Notice>
        ) : null}
        {result === undefined || query.error !== null ? null : <QueryTable result={result} />}
      </div>
    </div>
  );
}
