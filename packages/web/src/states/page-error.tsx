import type { ReactNode } from "react";
import { ErrorState } from "./error-state.tsx";

export interface PageErrorProps {
  readonly error: Error;
  readonly reset: () => void;
}

/** A bug in the page itself. */
export function PageError({ error, reset }: PageErrorProps): ReactNode {
  return <ErrorState error={error} what="this page failed; the records are not affected" onRetry={reset} />;
}
