import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import type { KnownValues } from "./complete.ts";
import { CompletionList } from "./completion-list.tsx";
import { FilterHint } from "./filter-hint.tsx";
import { useCompletion } from "./use-completion.ts";

export interface FilterBoxProps {
  /** The filter in force. */
  readonly filter: string;
  readonly known: KnownValues;
  readonly onFilter: (filter: string) => void;
}

/** The filter as text, completed from the fields and values that were seen. Enter applies it. */
export function FilterBox({ filter, known, onFilter }: FilterBoxProps): ReactNode {
  const [text, setText] = useDraft(filter);
  const { completion, index, suggest, move, close } = useCompletion(known);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const option = completion?.options[index];

  const take = (taken: string): void => {
    if (completion === undefined) return;
    const next = text.slice(0, completion.start) + taken + text.slice(completion.end);
    const caret = completion.start + taken.length;
    // at once: the next key must find the text and the caret where they belong
    flushSync(() => setText(next));
    input.current?.setSelectionRange(caret, caret);
    if (taken.endsWith(":")) suggest(next, caret);
    else close();
  };
  const apply = (): void => {
    close();
    onFilter(text.trim());
  };
  const keys: Readonly<Record<string, () => void>> = {
    Enter: () => (option === undefined ? apply() : take(option)),
    Escape: () => (completion === undefined ? input.current?.blur() : close()),
  };
  const listKeys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Tab: () => take(option ?? completion?.options[0] ?? ""),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const action = keys[event.key] ?? (completion === undefined || event.shiftKey ? undefined : listKeys[event.key]);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  return (
    <div className="filter-box">
      <input
        ref={input}
        className="input"
        data-focus-key="/"
        data-testid="filter"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          suggest(event.target.value, event.target.selectionStart ?? event.target.value.length);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
        placeholder='source:ccp_log severity_number:>=17 -agent_username:ana.ruiz "ice failed"'
        aria-label="Filter"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={completion !== undefined}
        aria-controls={listId}
        aria-activedescendant={index >= 0 ? `${listId}-${index}` : undefined}
        spellCheck={false}
        autoComplete="off"
      />
      <FilterHint isDraft={text.trim() !== filter} isEmpty={text === ""} onClear={() => onFilter("")} />
      <CompletionList id={listId} options={completion?.options ?? []} index={index} onTake={take} />
    </div>
  );
}

/** What is typed, until the filter in force changes from elsewhere (a facet, the back button). */
function useDraft(filter: string): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState({ filter, text: filter });
  if (draft.filter !== filter) setDraft({ filter, text: filter });
  return [draft.text, (text) => setDraft({ filter, text })];
}
