import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { writeTerm } from "../filter/terms.ts";
import { RecordPanel } from "../record/record-panel.tsx";
import { AgentDay } from "./agent-day.tsx";
import { AgentRecords } from "./agent-records.tsx";
import type { AgentSearch } from "./agent-search.ts";
import "../contact/contact.css";
import "./agents.css";

/** One agent: a day of work with its figures, or the records that name the agent. */
export function AgentPage(): ReactNode {
  const { agentId } = useParams({ from: "/agents/$agentId" });
  const search = useSearch({ from: "/agents/$agentId" });
  const navigate = useNavigate();
  const onChange = (next: Partial<AgentSearch>): void => {
    void navigate({
      to: "/agents/$agentId",
      params: { agentId },
      search: (previous) => ({ ...previous, ...next }),
      replace: true,
    });
  };
  const { sel, panel, view } = search;
  return (
    <div className="contact" data-panel={panel !== undefined && sel !== undefined}>
      <div className="contact-main">
        <div className="page-tools">
          <span className="segmented" role="group" aria-label="View">
            <button type="button" aria-pressed={view === undefined} onClick={() => onChange({ view: undefined })}>
              Day
            </button>
            <button
              type="button"
              aria-pressed={view === "records"}
              onClick={() => onChange({ view: "records" })}
              data-testid="agent-records"
            >
              Records
            </button>
          </span>
        </div>
        {view === "records" ? (
          <AgentRecords agentId={agentId} search={search} onChange={onChange} />
        ) : (
          <AgentDay agentId={agentId} search={search} onChange={onChange} />
        )}
      </div>
      {panel === undefined || sel === undefined ? null : (
        <RecordPanel
          recordId={sel}
          tab={panel}
          onTab={(tab) => onChange({ panel: tab })}
          onClose={() => onChange({ panel: undefined })}
          onSelect={(recordId) => onChange({ sel: recordId })}
          onFilter={({ field, value, isExcluded }) => {
            void navigate({ to: "/explorer", search: { q: `${isExcluded ? "-" : ""}${writeTerm(field, [value])}` } });
          }}
        />
      )}
    </div>
  );
}
