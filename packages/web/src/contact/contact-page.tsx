import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, type ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { contactQuery } from "../api/queries.ts";
import type { ContactSearch } from "../search.ts";
import { ErrorState } from "../states/error-state.tsx";
import { PageState } from "../states/page-state.tsx";
import { Skeleton } from "../states/skeleton.tsx";
import { usePageRange } from "../time/range-context.ts";
import { ContactView } from "./contact-view.tsx";
import "./contact.css";

export type ChangeContact = (change: Partial<ContactSearch>) => void;

/** One contact, all wires, one clock. */
export function ContactPage(): ReactNode {
  const { contactId } = useParams({ from: "/contacts/$contactId" });
  const search = useSearch({ from: "/contacts/$contactId" });
  const { isLive } = usePageRange();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(contactQuery(contactId, isLive));
  const change: ChangeContact = useCallback(
    (next) => {
      void navigate({
        to: "/contacts/$contactId",
        params: { contactId },
        search: (previous) => ({ ...previous, ...next }),
        replace: true,
      });
    },
    [navigate, contactId],
  );
  if (data !== undefined) return <ContactView key={contactId} timeline={data} search={search} onChange={change} />;
  if (error instanceof ApiError && error.status === 404) return <NoSuchContact contactId={contactId} />;
  if (error !== null)
    return <ErrorState error={error} what="the contact could not be read" onRetry={() => void refetch()} />;
  return <Skeleton rows={18} what="the contact" />;
}

function NoSuchContact({ contactId }: { readonly contactId: string }): ReactNode {
  return (
    <PageState kind="empty" title="No record names this contact">
      <p className="mono">{contactId}</p>
      <p className="muted">
        Contact records come when a contact has ended, flow logs some minutes late. If the contact is recent, look again
        shortly; if it is old, its files may not have been imported: <code>npx fourwire import PATH</code>.
      </p>
    </PageState>
  );
}
