import { useNavigate } from "@tanstack/react-router";
import { useHotkeys } from "../shell/hotkeys.ts";
import { isError, isWarning } from "../theme/level.ts";
import type { ListRecord } from "./record-row.tsx";
import { findNext, moveIndex } from "./step.ts";

export interface RecordKeys {
  readonly records: readonly ListRecord[];
  readonly selectedId: string | undefined;
  readonly isPanelOpen: boolean;
  /** Selects; an open panel follows. */
  readonly onSelect: (recordId: string) => void;
  readonly onOpen: (recordId: string) => void;
  readonly onClose: () => void;
  /** Escape when no panel is open. */
  readonly onEscape?: () => void;
}

/** The keys every list of records understands: j k, arrows, Enter, Esc, e w o and c. */
export function useRecordKeys(keys: RecordKeys): void {
  const { records, selectedId, onSelect } = keys;
  const navigate = useNavigate();
  const indexOfSelected = (): number => records.findIndex((record) => record.record_id === selectedId);
  const selectAt = (index: number): void => {
    const record = records[index];
    if (record !== undefined) onSelect(record.record_id);
  };
  const move = (by: number): void => selectAt(moveIndex(records.length, indexOfSelected(), by));
  const jump = (direction: 1 | -1, isMatch: (record: ListRecord) => boolean): void => {
    selectAt(findNext({ items: records, from: indexOfSelected(), direction }, isMatch));
  };
  const jumpContact = (direction: 1 | -1): void => {
    const contactId = records[indexOfSelected()]?.contact_id;
    if (contactId !== undefined && contactId !== null) jump(direction, (record) => record.contact_id === contactId);
  };
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(20),
    PageUp: () => move(-20),
    e: () => jump(1, isError),
    E: () => jump(-1, isError),
    w: () => jump(1, isWarning),
    W: () => jump(-1, isWarning),
    o: () => jumpContact(1),
    O: () => jumpContact(-1),
    c: () => {
      const contactId = records[indexOfSelected()]?.contact_id;
      if (contactId !== undefined && contactId !== null)
        void navigate({ to: "/contacts/$contactId", params: { contactId } });
    },
    Enter: () => {
      const selected = records[indexOfSelected()] ?? records[0];
      if (selected !== undefined) keys.onOpen(selected.record_id);
    },
    Escape: () => (keys.isPanelOpen ? keys.onClose() : keys.onEscape?.()),
  });
}
