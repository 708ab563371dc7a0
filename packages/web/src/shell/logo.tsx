import type { ReactNode } from "react";

/** Four wires that come together. */
export function Logo(): ReactNode {
  return (
    <svg
      width="26"
      height="26"
      viewBox="0 0 32 32"
      fill="none"
      strokeWidth="2.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3 7h10l8 9h8" stroke="var(--wire-agent_event)" />
      <path d="M3 13h8l10 3" stroke="var(--wire-flow_log)" strokeDasharray="3 4" />
      <path d="M3 19h8l10-3" stroke="var(--wire-ccp_log)" strokeDasharray="0 4.2" />
      <path d="M3 25h10l8-9" stroke="var(--wire-cloudtrail)" />
    </svg>
  );
}
