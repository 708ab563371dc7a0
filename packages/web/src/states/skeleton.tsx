import type { ReactNode } from "react";

export interface SkeletonProps {
  readonly rows: number;
  /** What is loading, for screen readers. */
  readonly what: string;
}

/** Rows of the height of real ones, so that nothing jumps when they come. */
export function Skeleton({ rows, what }: SkeletonProps): ReactNode {
  return (
    <div className="skeleton" role="status" data-testid="state-loading">
      <span className="visually-hidden">loading {what}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-row" aria-hidden="true">
          <i style={{ width: 150 }} />
          <i style={{ width: 110 }} />
          <i style={{ width: `${30 + ((index * 37) % 45)}%` }} />
        </div>
      ))}
    </div>
  );
}
