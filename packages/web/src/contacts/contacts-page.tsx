import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState, type ReactNode } from "react";
import { contactsQuery } from "../api/queries.ts";
import { moveIndex } from "../list/step.ts";
import { useHotkeys } from "../shell/hotkeys.ts";
import { EmptyState } from "../states/empty-state.tsx";
import { ErrorState } from "../states/error-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { formatCount, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { ContactTable } from "./contact-table.tsx";
import { findContacts } from "./find-contacts.ts";
import "./contacts.css";

/** The contacts of the time range, newest first. */
export function ContactsPage(): ReactNode {
  const { q = "" } = useSearch({ from: "/contacts" });
  const { span } = usePageRange();
  const navigate = useNavigate();
  const [index, setIndex] = useState(-1);
  const { data, error, isPending, refetch } = useQuery(contactsQuery(span));
  const contacts = useMemo(() => findContacts(data?.contacts ?? [], q), [data, q]);
  const setText = (text: string): void => {
    void navigate({
      to: "/contacts",
      search: (previous) => ({ ...previous, q: text === "" ? undefined : text }),
      replace: true,
    });
  };
  const move = (by: number): void => setIndex(moveIndex(contacts.length, index, by));
  useHotkeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    e: () => setIndex(contacts.findIndex((contact, position) => position > index && contact.error_count > 0)),
    Enter: () => {
      const contact = contacts[index];
      if (contact !== undefined)
        void navigate({ to: "/contacts/$contactId", params: { contactId: contact.contact_id } });
    },
  });
  return (
    <div className="page">
      <div className="page-tools">
        <input
          className="input"
          type="search"
          data-focus-key="/"
          value={q}
          onChange={(event) => setText(event.target.value)}
          placeholder="Contact id or agent"
          aria-label="Find among these contacts"
        />
        <span className="muted" aria-live="polite" data-testid="contact-count">
          {data === undefined ? "" : countText(contacts.length, data.contacts.length)}
        </span>
      </div>
      <div className="page-scroll">
        {error === null || data !== undefined ? null : (
          <ErrorState error={error} what="the contacts could not be read" onRetry={() => void refetch()} />
        )}
        {isPending ? <Skeleton rows={20} what="contacts" /> : null}
        {data !== undefined && contacts.length === 0 ? (
          <EmptyState what="contacts" onClearFilter={q === "" ? undefined : () => setText("")} />
        ) : null}
        {contacts.length > 0 ? <ContactTable contacts={contacts} chosen={index} /> : null}
      </div>
    </div>
  );
}

function countText(shown: number, all: number): string {
  return shown === all ? plural(all, "contact") : `${formatCount(shown)} of ${plural(all, "contact")}`;
}
