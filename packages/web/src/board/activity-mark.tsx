import type { LiveActivityName } from "@fourwire/core";
import type { ReactNode } from "react";
import { ACTIVITY_LOOKS } from "./activity-looks.ts";

export interface ActivityMarkProps {
  readonly activity: LiveActivityName;
}

/** A live activity by shape and colour. Decorative: its label stands beside it. */
export function ActivityMark({ activity }: ActivityMarkProps): ReactNode {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      style={{ color: `var(${ACTIVITY_LOOKS[activity].token})` }}
    >
      <Shape activity={activity} />
    </svg>
  );
}

function Shape({ activity }: ActivityMarkProps): ReactNode {
  switch (activity) {
    case "error":
      return <path d="M2.2 2.2l7.6 7.6M9.8 2.2L2.2 9.8" strokeWidth="2" />;
    case "missed":
      return <path d="M6 1.5L11 10.5H1Z" fill="currentColor" />;
    case "rejected":
      return <path d="M6 1L11 6L6 11L1 6Z" />;
    case "on_contact":
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case "after_contact_work":
      return (
        <>
          <circle cx="6" cy="6" r="4.5" />
          <path d="M6 1.5a4.5 4.5 0 0 1 0 9Z" fill="currentColor" stroke="none" />
        </>
      );
    case "incoming":
      return (
        <>
          <circle cx="6" cy="6" r="4.8" strokeWidth="1.2" />
          <circle cx="6" cy="6" r="2" fill="currentColor" stroke="none" />
        </>
      );
    case "monitoring":
      return <path d="M1 6c2.5-4 7.5-4 10 0c-2.5 4-7.5 4-10 0ZM6 5.2v1.6" strokeWidth="1.2" />;
    case "custom":
      return <path d="M2 2h8v8H2Z" strokeWidth="1.4" />;
    case "available":
      return <circle cx="6" cy="6" r="4.3" />;
    case "offline":
      return <path d="M2 6h8" />;
    case "unknown":
      return <circle cx="6" cy="6" r="4.3" strokeDasharray="2 2" strokeWidth="1.2" />;
  }
}
