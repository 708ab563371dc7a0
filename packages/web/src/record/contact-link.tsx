import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { shortenId } from "./shorten-id.ts";

export interface ContactLinkProps {
  readonly contactId: string;
  readonly isTabStop?: boolean;
}

/** A contact id: a link to the contact, whole on hover, with a button that copies it. */
export function ContactLink({ contactId, isTabStop = true }: ContactLinkProps): ReactNode {
  return (
    <span className="id-link">
      <Link
        to="/contacts/$contactId"
        params={{ contactId }}
        className="short-id"
        title={contactId}
        tabIndex={isTabStop ? 0 : -1}
        onClick={(event) => event.stopPropagation()}
      >
        {shortenId(contactId)}
      </Link>
      <CopyButton text={contactId} what="contact id" isTabStop={isTabStop} />
    </span>
  );
}
