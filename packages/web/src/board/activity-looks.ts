import type { LiveActivityName } from "@fourwire/core";

/** The words and the look of each live activity, most urgent first: the order of the summary and of the groups. */
export interface ActivityLook {
  readonly label: string;
  readonly token: string;
}

export const ACTIVITY_LOOKS: Readonly<Record<LiveActivityName, ActivityLook>> = {
  error: { label: "Error", token: "--level-error" },
  missed: { label: "Missed", token: "--level-warning" },
  rejected: { label: "Rejected", token: "--level-warning" },
  on_contact: { label: "On contact", token: "--wire-agent_event" },
  after_contact_work: { label: "After contact", token: "--wire-agent_event" },
  incoming: { label: "Incoming", token: "--accent" },
  monitoring: { label: "Monitoring", token: "--ink-muted" },
  custom: { label: "Other status", token: "--ink-muted" },
  available: { label: "Available", token: "--good" },
  offline: { label: "Offline", token: "--ink-faint" },
  unknown: { label: "Unknown", token: "--ink-faint" },
};
