import * as Dialog from "@radix-ui/react-dialog";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { moveIndex } from "../list/step.ts";
import { usePaletteChoices, type Choice } from "./palette-choices.ts";

export interface CommandPaletteProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly onShortcuts: () => void;
}

/** One field for everything: paste an id, type a page or an action; `>` lists the actions alone. */
export function CommandPalette({ isOpen, onOpenChange, onShortcuts }: CommandPaletteProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="palette" aria-describedby={undefined} data-testid="palette">
          <Dialog.Title className="visually-hidden">Go to</Dialog.Title>
          <PaletteBody onDone={() => onOpenChange(false)} onShortcuts={onShortcuts} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface PaletteBodyProps {
  readonly onDone: () => void;
  readonly onShortcuts: () => void;
}

function PaletteBody({ onDone, onShortcuts }: PaletteBodyProps): ReactNode {
  const [text, setText] = useState("");
  const [wanted, setIndex] = useState(0);
  const { choices, isLooking } = usePaletteChoices(text, onShortcuts);
  const index = Math.min(wanted, Math.max(0, choices.length - 1));

  const take = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    onDone();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") take(choices[index]);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setIndex(moveIndex(choices.length, index, event.key === "ArrowDown" ? 1 : -1));
  };

  return (
    <>
      <input
        className="palette-input"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
        placeholder="Paste a contact, agent, flow or record id, or type a command"
        aria-label="Go to"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant={`palette-choice-${index}`}
        spellCheck={false}
        autoComplete="off"
      />
      <div id="palette-choices" role="listbox" aria-label="Choices" className="palette-choices">
        {choices.map((choice, position) => (
          <div
            key={choice.key}
            id={`palette-choice-${position}`}
            role="option"
            tabIndex={-1}
            aria-selected={position === index}
            onPointerMove={() => setIndex(position)}
            onClick={() => take(choice)}
            onKeyDown={onKeyDown}
          >
            <span className="palette-kind">{choice.kind}</span>
            <span>{choice.label}</span>
            {choice.hint === undefined ? null : <kbd>{choice.hint}</kbd>}
          </div>
        ))}
        {choices.length === 0 ? (
          <p className="muted palette-none">{isLooking ? "Looking it up…" : "Nothing by that name"}</p>
        ) : null}
      </div>
    </>
  );
}
