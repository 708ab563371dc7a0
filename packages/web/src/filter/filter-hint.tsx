import type { ReactNode } from "react";

export interface FilterHintProps {
  /** What is typed is not what is in force. */
  readonly isDraft: boolean;
  readonly isEmpty: boolean;
  readonly onClear: () => void;
}

/** What can be done with the filter now. */
export function FilterHint({ isDraft, isEmpty, onClear }: FilterHintProps): ReactNode {
  if (isDraft) {
    return (
      <span className="filter-hint">
        <kbd>Enter</kbd> applies
      </span>
    );
  }
  if (isEmpty) {
    return (
      <span className="filter-hint">
        <kbd>/</kbd>
      </span>
    );
  }
  return (
    <button type="button" className="filter-hint" onClick={onClear}>
      clear
    </button>
  );
}
