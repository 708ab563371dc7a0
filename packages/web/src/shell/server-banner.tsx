import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { Notice } from "../states/notice.tsx";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

/** Says that the page is stale: the server stopped answering, and what is shown is from before. */
export function ServerBanner(): ReactNode {
  const { isError, error, dataUpdatedAt, refetch } = useQuery(statusQuery());
  const { zone, refresh } = usePageRange();
  if (!isError) return null;
  const since = dataUpdatedAt === 0 ? "" : ` Shown is what was loaded until ${formatInstantIn(dataUpdatedAt, zone)}.`;
  const retry = async (): Promise<void> => {
    const { isSuccess } = await refetch();
    if (isSuccess) refresh();
  };
  return (
    <Notice kind="stale">
      <strong>The server does not answer.</strong>
      <span>
        {error.message}.{since}
      </span>
      <span className="spacer" />
      <button type="button" className="button" onClick={() => void retry()}>
        Try again
      </button>
    </Notice>
  );
}
