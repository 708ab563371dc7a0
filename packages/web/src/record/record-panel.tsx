import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { aroundQuery, recordQuery } from "../api/queries.ts";
import type { PanelTab } from "../search.ts";
import { ErrorState } from "../states/error-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { LevelMark } from "../theme/level-mark.tsx";
import { levelOf } from "../theme/level.ts";
import { WireBadge } from "../theme/wire-badge.tsx";
import { ago } from "../time/ago.ts";
import { formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { AgentLink } from "./agent-link.tsx";
import { ContactLink } from "./contact-link.tsx";
import { RecordAround } from "./record-around.tsx";
import { RecordBody } from "./record-body.tsx";
import { RecordFields } from "./record-fields.tsx";
import "./record.css";

export interface RecordPanelProps {
  readonly recordId: string;
  readonly tab: PanelTab;
  readonly onTab: (tab: PanelTab) => void;
  readonly onClose: () => void;
  /** Selects another record, from the Around tab. */
  readonly onSelect: (recordId: string) => void;
  readonly onFilter: (change: FilterChange) => void;
}

/** A value to let in or keep out. */
export interface FilterChange {
  readonly field: string;
  readonly value: string;
  readonly isExcluded: boolean;
}

const TABS: readonly { readonly tab: PanelTab; readonly label: string }[] = [
  { tab: "fields", label: "Fields" },
  { tab: "received", label: "As received" },
  { tab: "around", label: "Around it" },
];

/** One record beside the list: its fields, its bytes, and what happened around it. */
export function RecordPanel(props: RecordPanelProps): ReactNode {
  const { recordId, tab } = props;
  const record = useQuery(recordQuery(recordId));
  const around = useQuery({ ...aroundQuery(recordId), enabled: tab === "around" });
  return (
    <aside className="record-panel" aria-label="Record" data-testid="record-panel" aria-busy={record.isPlaceholderData}>
      <PanelHead {...props} summary={record.data?.record} />
      <div
        key={`${recordId} ${tab}`}
        className="panel-scroll"
        id="panel-content"
        role="tabpanel"
        aria-label={tab}
        tabIndex={0}
      >
        {record.error === null ? null : (
          <ErrorState error={record.error} what="the record could not be read" onRetry={() => void record.refetch()} />
        )}
        {record.isPending ? <Skeleton rows={10} what="the record" /> : null}
        {record.data !== undefined && tab === "fields" ? (
          <RecordFields response={record.data} onFilter={props.onFilter} />
        ) : null}
        {record.data !== undefined && tab === "received" ? (
          <RecordBody body={record.data.record.original_body} />
        ) : null}
        {tab === "around" ? (
          <RecordAround recordId={recordId} around={around.data} error={around.error} onSelect={props.onSelect} />
        ) : null}
      </div>
    </aside>
  );
}

interface PanelHeadProps extends RecordPanelProps {
  readonly summary: Parameters<typeof RecordFields>[0]["response"]["record"] | undefined;
}

function PanelHead({ tab, onTab, onClose, summary }: PanelHeadProps): ReactNode {
  const { zone } = usePageRange();
  return (
    <header className="panel-head">
      <div className="panel-title">
        {summary === undefined ? null : (
          <>
            <WireBadge source={summary.source} />
            <strong>{summary.event_name}</strong>
            <LevelMark severityNumber={summary.severity_number} label={levelOf(summary.severity_number)} />
          </>
        )}
        <span className="spacer" />
        <button type="button" className="button quiet" onClick={onClose} aria-label="Close the record">
          Close <kbd>Esc</kbd>
        </button>
      </div>
      {summary === undefined ? null : (
        <>
          <p className="panel-message">{summary.message}</p>
          <p className="panel-facts muted">
            <span title={ago(summary.event_time)}>{formatInstantIn(summary.event_time, zone)}</span>
            {summary.contact_id === null ? null : (
              <span>
                contact <ContactLink contactId={summary.contact_id} />
              </span>
            )}
            {summary.agent_id === null && summary.agent_username === null ? null : (
              <span>
                agent <AgentLink agentId={summary.agent_id} username={summary.agent_username} />
              </span>
            )}
          </p>
        </>
      )}
      <div className="tabs" role="tablist" aria-label="Sides of the record">
        {TABS.map((side) => (
          <button
            key={side.tab}
            type="button"
            role="tab"
            aria-selected={side.tab === tab}
            aria-controls="panel-content"
            onClick={() => onTab(side.tab)}
          >
            {side.label}
          </button>
        ))}
      </div>
    </header>
  );
}
