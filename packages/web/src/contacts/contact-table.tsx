import type { ContactSummary } from "@fourwire/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { rowHeightOf, usePreferences } from "../theme/preferences.ts";
import { usePageRange } from "../time/range-context.ts";
import { zoneSuffix } from "../time/format.ts";
import { ContactRow } from "./contact-row.tsx";

export interface ContactTableProps {
  readonly contacts: readonly ContactSummary[];
  /** Index of the row the keyboard is on; -1 for none. */
  readonly chosen: number;
}

/** One contact a line, with the wires it has. */
export function ContactTable({ contacts, chosen }: ContactTableProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const { zone, resolved } = usePageRange();
  const rowHeight = rowHeightOf(usePreferences().density);
  const virtualizer = useVirtualizer({
    count: contacts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  useEffect(() => {
    if (chosen >= 0) virtualizer.scrollToIndex(chosen);
  }, [virtualizer, chosen]);
  return (
    <div
      className="contact-table"
      role="table"
      aria-label="Contacts"
      aria-rowcount={contacts.length}
      data-testid="contacts"
    >
      <div className="contact-table-head" role="row">
        <span role="columnheader">Began ({zone === "utc" ? "UTC" : `local, ${zoneSuffix(resolved.toMs, zone)}`})</span>
        <span role="columnheader">Contact</span>
        <span role="columnheader">Wires</span>
        <span role="columnheader" className="number">
          Length
        </span>
        <span role="columnheader">Agents</span>
        <span role="columnheader" className="number">
          Records
        </span>
        <span role="columnheader" className="number">
          Errors
        </span>
      </div>
      <div ref={scroller} className="contact-table-scroll" role="rowgroup">
        <div className="contact-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const contact = contacts[item.index];
            return contact === undefined ? null : (
              <ContactRow
                key={contact.contact_id}
                contact={contact}
                zone={zone}
                top={item.start}
                isChosen={item.index === chosen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
