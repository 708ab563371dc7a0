import type { ReceiversResponse } from "@fourwire/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { receiversQuery } from "../api/queries.ts";
import { ErrorState } from "../states/error-state.tsx";
import { formatCount } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { ReceiverRow } from "./receiver-row.tsx";

/** What fetches records, and who posts them. */
export function Receivers(): ReactNode {
  const { data, error, refetch } = useQuery(receiversQuery());
  if (data === undefined) {
    return error === null ? null : (
      <ErrorState error={error} what="the receivers could not be read" onRetry={() => void refetch()} />
    );
  }
  return (
    <section className="receivers" aria-label="Receivers">
      {data.receivers.length === 0 ? null : <ReceiverTable data={data} />}
      <p className="muted sources-note">
        {data.receivers.length === 0
          ? "No receiver is configured and nobody has posted records since the start. Receivers stand in fourwire.yaml; docs/configure.md has an example of each. "
          : ""}
        Since the start {formatCount(data.refused_count)} requests were refused because too much was waiting or the disk
        was full, and {formatCount(data.slow_readers_closed)} live readers were cut off because they did not keep up.
      </p>
    </section>
  );
}

function ReceiverTable({ data }: { readonly data: ReceiversResponse }): ReactNode {
  const { zone } = usePageRange();
  return (
    <table className="plain-table sources-table" data-testid="receivers">
      <thead>
        <tr>
          <th>Receiver</th>
          <th>Type</th>
          <th>State</th>
          <th>Last record</th>
          <th className="number">Rate</th>
          <th className="number">Behind</th>
          <th className="number">Stored</th>
          <th className="number">Duplicate</th>
          <th className="number">Rejected</th>
          <th className="number">Left out</th>
          <th>Canary</th>
        </tr>
      </thead>
      <tbody>
        {data.receivers.map((receiver) => (
          <ReceiverRow key={receiver.name} receiver={receiver} nowMs={Date.parse(data.now)} zone={zone} />
        ))}
      </tbody>
    </table>
  );
}
