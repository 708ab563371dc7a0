import type { ReactNode } from "react";

export interface CompletionListProps {
  readonly id: string;
  readonly options: readonly string[];
  readonly index: number;
  readonly onTake: (option: string) => void;
}

export function CompletionList({ id, options, index, onTake }: CompletionListProps): ReactNode {
  return (
    <div id={id} role="listbox" aria-label="Completions" className="popover completions" hidden={options.length === 0}>
      {options.map((option, position) => (
        <div
          key={option}
          id={`${id}-${position}`}
          role="option"
          tabIndex={-1}
          aria-selected={position === index}
          onPointerDown={(event) => {
            // the field keeps the focus
            event.preventDefault();
            onTake(option);
          }}
        >
          {option}
        </div>
      ))}
    </div>
  );
}
