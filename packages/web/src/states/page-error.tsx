import type { ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state.tsx";

export type PageErrorProps = ErrorComponentProps;

/** A bug in the page itself. */
export function PageError({ error, reset }: PageErrorProps): ReactNode {
  return (
    <ErrorState
      error={error instanceof Error ? error : new Error(String(error))}
      what="this page failed; the records are not affected"
      onRetry={reset}
    />
  );
}
