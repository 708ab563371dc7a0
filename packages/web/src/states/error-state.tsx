import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { PageState } from "./page-state.tsx";

export interface ErrorStateProps {
  readonly error: Error;
  /** What could not be done, such as "the records could not be read". */
  readonly what: string;
  readonly onRetry?: () => void;
}

/** Code, message and what to do, in place. */
export function ErrorState({ error, what, onRetry }: ErrorStateProps): ReactNode {
  const code = error instanceof ApiError ? error.code : error.name;
  const docs = error instanceof ApiError ? error.docs : "";
  return (
    <PageState kind="error" title={what}>
      <p>{error.message}</p>
      <p className="muted">
        code <code>{code}</code>
        {docs === "" ? null : (
          <>
            , explained in <DocsLink docs={docs} />
          </>
        )}
      </p>
      {onRetry === undefined ? null : (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </PageState>
  );
}

function DocsLink({ docs }: { readonly docs: string }): ReactNode {
  // only addresses are links; a path in the repository is text
  return /^(?:https?:\/\/|\/)/.test(docs) ? <a href={docs}>{docs}</a> : <code>{docs}</code>;
}
