import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { moveIndex } from "../list/step.ts";
import { complete, type Completion, type KnownValues } from "./complete.ts";

export interface FilterBoxProps {
  /** The filter in force. */
  readonly filter: string;
  readonly known: KnownValues;
  readonly onFilter: (filter: string) => void;
}

/** The filter as text, completed from the fields and values that were seen. Enter applies it. */
export function FilterBox({ filter, known, onFilter }: FilterBoxProps): ReactNode {
  const [text, setText] = useState(filter);
  const [completion, setCompletion] = useState<Completion>();
  const [index, setIndex] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  useEffect(() => setText(filter), [filter]);

  const close = (): void => {
    setCompletion(undefined);
    setIndex(-1);
  };
  const suggest = (value: string, caret: number): void => {
    setCompletion(complete(value, caret, known));
    setIndex(-1);
  };
  const take = (option: string): void => {
    if (completion === undefined) return;
    const next = text.slice(0, completion.start) + option + text.slice(completion.end);
    const caret = completion.start + option.length;
    setText(next);
    requestAnimationFrame(() => input.current?.setSelectionRange(caret, caret));
    if (option.endsWith(":")) suggest(next, caret);
    else close();
  };
  const apply = (): void => {
    close();
    onFilter(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const option = completion?.options[index];
    if (event.key === "Enter") {
      if (option === undefined) apply();
      else take(option);
    } else if (event.key === "Escape") {
      if (completion === undefined) input.current?.blur();
      else close();
    } else if (completion !== undefined && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      setIndex(moveIndex(completion.options.length, index, event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Tab" && completion !== undefined && !event.shiftKey) {
      take(option ?? completion.options[0] ?? "");
    } else return;
    event.preventDefault();
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
      <ul id={listId} role="listbox" aria-label="Completions" className="popover completions" hidden={completion === undefined}>
        {completion?.options.map((option, position) => (
          <li
            key={option}
            id={`${listId}-${position}`}
            role="option"
            aria-selected={position === index}
            onPointerDown={(event) => {
              event.preventDefault();
              take(option);
            }}
          >
            {option}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FilterHintProps {
  readonly isDraft: boolean;
  readonly isEmpty: boolean;
  readonly onClear: () => void;
}

function FilterHint({ isDraft, isEmpty, onClear }: FilterHintProps): ReactNode {
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
