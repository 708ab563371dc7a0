import type { ReactNode } from "react";
import { FilterBox } from "../filter/filter-box.tsx";
import { excludeValue, includeValue } from "../filter/terms.ts";
import { RecordList } from "../list/record-list.tsx";
import { useRecordKeys } from "../list/use-record-keys.ts";
import { RecordPanel } from "../record/record-panel.tsx";
import type { ExplorerSearch } from "../search.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { formatCount, plural } from "../time/format.ts";
import type { ChangeExplorer } from "./explorer-page.tsx";
import { knownValues } from "./known-values.ts";
import { ModeSwitch } from "./mode-switch.tsx";
import { useLiveRecords, type Connection, type LiveRecords } from "./use-live-records.ts";

export interface LiveViewProps {
  readonly search: ExplorerSearch;
  readonly onChange: ChangeExplorer;
}

const KNOWN = knownValues(undefined);

/** Records as they come, newest at the bottom. */
export function LiveView({ search, onChange }: LiveViewProps): ReactNode {
  const { q = "", sel, panel } = search;
  // another filter is another list
  return <LiveList key={q} q={q} sel={sel} panel={panel} onChange={onChange} />;
}

interface LiveListProps {
  readonly q: string;
  readonly sel: ExplorerSearch["sel"];
  readonly panel: ExplorerSearch["panel"];
  readonly onChange: ChangeExplorer;
}

function LiveList({ q, sel, panel, onChange }: LiveListProps): ReactNode {
  const live = useLiveRecords(q);
  const setFilter = (next: string): void => onChange({ q: next === "" ? undefined : next });
  const select = (recordId: string): void => {
    live.pause();
    onChange({ sel: recordId }, true);
  };
  const onOpen = (recordId: string): void => {
    live.pause();
    onChange({ sel: recordId, panel: panel ?? "fields" }, true);
  };
  const onClose = (): void => onChange({ panel: undefined }, true);
  useRecordKeys({
    records: live.records,
    selectedId: sel,
    isPanelOpen: panel !== undefined,
    onSelect: select,
    onOpen,
    onClose,
  });
  useHotkeys({ " ": () => (live.isPaused ? live.resume() : live.pause()), End: live.resume, Home: live.pause });
  return (
    <div className="explorer" data-panel={panel !== undefined && sel !== undefined} data-live>
      <div className="filter-bar">
        <ModeSwitch mode="filter" onMode={() => onChange({ mode: "sql" })} />
        <FilterBox filter={q} known={KNOWN} onFilter={setFilter} />
      </div>
      <LiveBar live={live} />
      <div className="explorer-body">
        <RecordList
          records={live.records}
          label="Records as they come, newest last"
          selectedId={sel}
          onOpen={onOpen}
          isFollowing={!live.isPaused}
          onLeaveEnd={live.pause}
        />
        {panel === undefined || sel === undefined ? null : (
          <RecordPanel
            recordId={sel}
            tab={panel}
            onTab={(tab) => onChange({ panel: tab }, true)}
            onClose={onClose}
            onSelect={select}
            onFilter={({ field, value, isExcluded }) =>
              setFilter((isExcluded ? excludeValue : includeValue)(q, field, value))
            }
          />
        )}
      </div>
    </div>
  );
}

const CONNECTIONS: Readonly<Record<Connection, string>> = {
  connecting: "connecting",
  open: "following",
  lost: "connection lost, trying again",
  hidden: "paused while the tab is hidden",
};

function LiveBar({ live }: { readonly live: LiveRecords }): ReactNode {
  const state = live.isPaused && live.connection === "open" ? "paused" : CONNECTIONS[live.connection];
  return (
    <div className="live-bar" role="status" data-testid="live-bar" data-connection={live.connection}>
      <span className="live-dot" data-on={!live.isPaused && live.connection === "open"} aria-hidden="true" />
      <span>{state}</span>
      <span className="muted">{plural(live.records.length, "record")} shown</span>
      {live.trimmedCount > 0 ? (
        <span className="muted">{formatCount(live.trimmedCount)} older ones left the list</span>
      ) : null}
      {live.droppedCount > 0 ? (
        <span className="level-warning">
          {formatCount(live.droppedCount)} not sent to this page because it was too slow; they are stored
        </span>
      ) : null}
      <span className="spacer" />
      {live.isPaused ? (
        <button type="button" className="button primary" onClick={live.resume} data-testid="live-resume">
          {formatCount(live.pending.length)} new <kbd>End</kbd>
        </button>
      ) : (
        <button type="button" className="button" onClick={live.pause} data-testid="live-pause">
          Pause <kbd>Space</kbd>
        </button>
      )}
    </div>
  );
}
