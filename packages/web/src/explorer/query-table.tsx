import type { QueryResponse } from "@fourwire/core";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, type ReactNode } from "react";
import { rowHeightOf, usePreferences } from "../theme/preferences.ts";

export interface QueryTableProps {
  readonly result: QueryResponse;
}

/** Rows measured to choose the widths of the columns. */
const MEASURED_ROWS = 200;
const CHARACTER_PX = 7.4;
const NARROWEST_PX = 72;
const WIDEST_PX = 480;
/** A column is no wider than this when there is room: a number belongs beside its name, not across the screen. */
const ROOMY_PX = 260;

/** The rows of a query. Only those in view exist. */
export function QueryTable({ result }: QueryTableProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = rowHeightOf(usePreferences().density);
  const virtualizer = useVirtualizer({
    count: result.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  // a query may give two columns the same name
  const columns = useMemo(
    () => result.columns.map(({ name, type }, index) => ({ name, type, key: `${index} ${name}` })),
    [result],
  );
  const widths = useMemo(() => columnWidths(result), [result]);
  const template = widths.map((width) => `minmax(${width}px, ${Math.max(width, ROOMY_PX)}px)`).join(" ");
  const minWidth = widths.reduce((total, width) => total + width, 0);
  if (result.rows.length === 0) return <p className="no-rows muted">The query ran and found no rows.</p>;
  return (
    <div
      ref={scroller}
      className="query-table"
      role="table"
      aria-label="Result"
      aria-rowcount={result.rows.length}
      tabIndex={0}
      data-testid="query-table"
    >
      <div className="query-head" role="row" style={{ gridTemplateColumns: template, minWidth }}>
        {columns.map((column) => (
          <span
            key={column.key}
            role="columnheader"
            title={column.type}
            className={isNumeric(column.type) ? "number" : ""}
          >
            {column.name}
          </span>
        ))}
      </div>
      <div className="query-rows" role="rowgroup" style={{ height: virtualizer.getTotalSize(), minWidth }}>
        {virtualizer.getVirtualItems().map((item) => (
          <div
            key={item.key}
            role="row"
            aria-rowindex={item.index + 1}
            className="query-row"
            style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
          >
            {columns.map((column, index) => (
              <QueryCell
                key={column.key}
                name={column.name}
                type={column.type}
                value={result.rows[item.index]?.[index]}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface QueryCellProps {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

function QueryCell({ name, type, value }: QueryCellProps): ReactNode {
  const text = textOf(value);
  return (
    <span role="cell" className={isNumeric(type) ? "number" : ""} title={text}>
      {value === null ? <span className="muted">null</span> : <LinkedText name={name} text={text} />}
    </span>
  );
}

function LinkedText({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  if (name === "contact_id") {
    return (
      <Link to="/contacts/$contactId" params={{ contactId: text }}>
        {text}
      </Link>
    );
  }
  if (name === "agent_id" || name === "agent_username") {
    return (
      <Link to="/agents/$agentId" params={{ agentId: text }}>
        {text}
      </Link>
    );
  }
  return text;
}

/** Least widths in pixels, after the longest value. */
function columnWidths(result: QueryResponse): readonly number[] {
  const rows = result.rows.slice(0, MEASURED_ROWS);
  return result.columns.map((column, index) => {
    const longest = Math.max(column.name.length, ...rows.map((row) => textOf(row[index]).length));
    return Math.round(Math.min(WIDEST_PX, Math.max(NARROWEST_PX, longest * CHARACTER_PX + 24)));
  });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isNumeric(type: string): boolean {
  return /^(?:u?(?:tiny|small|big|huge)?int|integer|double|float|decimal|real)/i.test(type);
}
