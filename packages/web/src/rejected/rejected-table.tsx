import type { RejectedRecord } from "@fourwire/core";
import type { ReactNode } from "react";
import { formatCount, formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface RejectedTableProps {
  readonly rows: readonly RejectedRecord[];
  readonly selectedId: string | undefined;
  readonly onSelect: (rejectedId: string) => void;
}

export function RejectedTable({ rows, selectedId, onSelect }: RejectedTableProps): ReactNode {
  const { zone } = usePageRange();
  return (
    <table className="plain-table rejected-table" data-testid="rejected">
      <thead>
        <tr>
          <th>Rejected</th>
          <th>Reason</th>
          <th>Detail</th>
          <th>From</th>
          <th className="number">Position</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={row.rejected_id}
            aria-selected={row.rejected_id === selectedId}
            onClick={() => onSelect(row.rejected_id)}
          >
            <td>
              <button type="button" onClick={() => onSelect(row.rejected_id)}>
                {formatInstantIn(row.rejected_time, zone)}
              </button>
            </td>
            <td>
              <code>{row.reason}</code>
            </td>
            <td className="clip" title={row.detail}>
              {row.detail}
            </td>
            <td className="clip" title={row.origin}>
              {row.origin}
            </td>
            <td className="number">{formatCount(row.position)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
