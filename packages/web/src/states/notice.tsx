import type { ReactNode } from "react";

export interface NoticeProps {
  readonly kind: "truncated" | "stale" | "partial" | "problem";
  readonly children: ReactNode;
}

/** One line across the page that says what the reader should know about what is shown. */
export function Notice({ kind, children }: NoticeProps): ReactNode {
  return (
    <div className={`notice notice-${kind}`} role="status" data-testid={`state-${kind}`}>
      {children}
    </div>
  );
}
