import type { ReactNode } from "react";
import "./states.css";

export interface PageStateProps {
  readonly kind: "empty" | "error" | "first-run";
  readonly title: string;
  readonly children?: ReactNode;
}

/** A page or part of one that has something to say instead of records. */
export function PageState({ kind, title, children }: PageStateProps): ReactNode {
  return (
    <section className="page-state" data-testid={`state-${kind}`} role={kind === "error" ? "alert" : undefined}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
