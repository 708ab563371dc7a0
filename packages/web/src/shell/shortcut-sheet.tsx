import * as Dialog from "@radix-ui/react-dialog";
import type { ReactNode } from "react";

export interface ShortcutSheetProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

const GROUPS: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["Ctrl K", "go to an id, a name or a command"],
      ["/", "filter"],
      ["t", "time range"],
      ["g c", "contacts"],
      ["g a", "agents"],
      ["g e", "explorer"],
      ["g s", "sources"],
      ["g r", "rejected"],
      ["?", "this sheet"],
    ],
  },
  {
    title: "Lists",
    keys: [
      ["j  ↓", "next record; an open panel follows"],
      ["k  ↑", "previous record"],
      ["Enter", "open the record"],
      ["Esc", "close the panel, then zoom back out"],
      ["e  E", "next, previous error"],
      ["w  W", "next, previous warning"],
      ["o  O", "next, previous record of the same contact"],
      ["c", "go to the record's contact"],
    ],
  },
  {
    title: "Lanes of a contact, while they are in focus",
    keys: [
      ["W  S", "zoom in, out"],
      ["A  D", "pan"],
      ["F", "fit the contact; again, show everything"],
      ["↑  ↓", "choose a lane"],
      [",  .", "previous, next in the lane"],
      ["wheel", "zoom at the pointer"],
      ["drag", "measure; with Shift, pan"],
      ["Esc", "clear the measure"],
    ],
  },
  {
    title: "Live list and SQL",
    keys: [
      ["Space", "pause or go on"],
      ["End", "follow the newest again"],
      ["Ctrl Enter", "run the SQL"],
    ],
  },
];

export function ShortcutSheet({ isOpen, onOpenChange }: ShortcutSheetProps): ReactNode {
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="sheet" aria-describedby={undefined}>
          <Dialog.Title>Keyboard</Dialog.Title>
          <div className="sheet-groups">
            {GROUPS.map((group) => (
              <section key={group.title}>
                <h3>{group.title}</h3>
                <dl>
                  {group.keys.map(([key, meaning]) => (
                    <div key={key}>
                      <dt>
                        {key.split("  ").map((one) => (
                          <kbd key={one}>{one}</kbd>
                        ))}
                      </dt>
                      <dd>{meaning}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </div>
          <Dialog.Close className="button">Close</Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
