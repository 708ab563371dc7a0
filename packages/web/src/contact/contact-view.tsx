import type { ContactAgent, ContactTimeline } from "@fourwire/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { writeTerm } from "../filter/terms.ts";
import { RecordList } from "../list/record-list.tsx";
import { RecordPanel } from "../record/record-panel.tsx";
import type { ContactSearch } from "../search.ts";
import { Notice } from "../states/notice.tsx";
import { plural } from "../time/format.ts";
import { absoluteRange } from "../time/range.ts";
import type { ChangeContact } from "./contact-page.tsx";
import { Facts } from "./facts.tsx";
import { Headline } from "./headline.tsx";
import { ListTools } from "./list-tools.tsx";
import { TimelineTools } from "../timeline/timeline-tools.tsx";
import { Timeline } from "../timeline/timeline.tsx";
import { useContactPage, type ContactPageState } from "./use-contact-page.ts";

export interface ContactViewProps {
  readonly timeline: ContactTimeline;
  readonly search: ContactSearch;
  readonly onChange: ChangeContact;
}

const NOTHING_MARKED: ReadonlySet<string> = new Set();

/** The sentence, the lanes and the list, kept in step by what the URL says. */
export function ContactView({ timeline, search, onChange }: ContactViewProps): ReactNode {
  const { sel, panel } = search;
  const page = useContactPage({ timeline, search, onChange });
  const { view, setView, measure, setMeasure, entries, clause, onSelect } = page;
  return (
    <div className="contact" data-panel={panel !== undefined && sel !== undefined}>
      <div className="contact-main">
        <header className="contact-head">
          <Headline
            contactId={timeline.contact_id}
            headline={timeline.summary}
            entries={timeline.entries}
            chosen={clause?.index}
          />
          <Facts timeline={timeline} />
        </header>
        {timeline.is_truncated ? (
          <Notice kind="truncated">
            Too much to show at once: narrowed to the first {plural(timeline.entries.length, "record")}. The explorer
            has all of them.
          </Notice>
        ) : null}
        <TimelineTools
          view={view}
          fitLabel={page.fit === "contact" ? "Fit the contact" : "Show everything"}
          measure={measure}
          onFit={page.onFit}
          onZoomTo={(span) => {
            setView(span);
            setMeasure(undefined, true);
          }}
          onClearMeasure={() => setMeasure(undefined, true)}
        />
        <ContactLanes timeline={timeline} page={page} selectedId={sel} />
        <ListTools
          entries={timeline.entries}
          shownCount={entries.length}
          wires={page.wires}
          onWires={(next) => onChange({ wires: next.size === 0 ? undefined : [...next].join(",") })}
          clause={clause?.text}
          onClearClause={() => onChange({ clause: undefined })}
        />
        <RecordList
          records={entries}
          label="Records of the contact, in time order"
          selectedId={sel}
          onOpen={page.onOpen}
          hasContact={false}
          isInStep
        />
      </div>
      <ContactPanel timeline={timeline} search={search} onChange={onChange} onSelect={onSelect} />
    </div>
  );
}

interface ContactLanesProps {
  readonly timeline: ContactTimeline;
  readonly page: ContactPageState;
  readonly selectedId: string | undefined;
}

function ContactLanes({ timeline, page, selectedId }: ContactLanesProps): ReactNode {
  return (
    <div className="timeline-scroll">
      <Timeline
        lanes={timeline.lanes}
        entries={timeline.entries}
        toMs={Date.parse(timeline.to)}
        agents={agentNames(timeline.agents)}
        subject="the contact"
        bounds={page.reach}
        view={page.view}
        measure={page.measure}
        selectedId={selectedId}
        cursorMs={page.cursorMs}
        markedIds={page.clause?.ids ?? NOTHING_MARKED}
        onView={page.setView}
        onFit={page.onFit}
        onMeasure={page.setMeasure}
        onSelect={page.onSelect}
      />
    </div>
  );
}

function agentNames(agents: readonly ContactAgent[]): ReadonlyMap<string, string> {
  return new Map(agents.map((agent) => [agent.agent_id, agent.agent_username ?? agent.agent_id]));
}

interface ContactPanelProps extends ContactViewProps {
  readonly onSelect: (recordId: string) => void;
}

function ContactPanel({ timeline, search, onChange, onSelect }: ContactPanelProps): ReactNode {
  const navigate = useNavigate();
  if (search.panel === undefined || search.sel === undefined) return null;
  return (
    <RecordPanel
      recordId={search.sel}
      tab={search.panel}
      onTab={(tab) => onChange({ panel: tab })}
      onClose={() => onChange({ panel: undefined })}
      onSelect={onSelect}
      onFilter={({ field, value, isExcluded }) => {
        // a filter is the explorer's matter: it opens there, over the time of the contact
        const range = absoluteRange(Date.parse(timeline.from), Date.parse(timeline.to) + 1);
        const q = `${isExcluded ? "-" : ""}${writeTerm(field, [value])}`;
        void navigate({ to: "/explorer", search: { ...range, q } });
      }}
    />
  );
}
