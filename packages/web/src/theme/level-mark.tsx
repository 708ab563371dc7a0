import type { ReactNode } from "react";
import { isLoud, levelOf, type Level } from "./level.ts";

export interface LevelMarkProps {
  readonly severityNumber: number;
  /** Shown beside the icon; without it the level's name is there for screen readers only. */
  readonly label?: string;
}

/** A level by shape, word and colour. Levels below notice have no icon: a healthy page is calm. */
export function LevelMark({ severityNumber, label }: LevelMarkProps): ReactNode {
  const level = levelOf(severityNumber);
  return (
    <span className={`level level-${level}`} title={level}>
      {isLoud(level) ? <LevelIcon level={level} /> : null}
      <span className={label === undefined ? "visually-hidden" : ""}>{label ?? level}</span>
    </span>
  );
}

function LevelIcon({ level }: { readonly level: Level }): ReactNode {
  const mark = { stroke: "var(--surface)", strokeWidth: 1.6, fill: "none", strokeLinecap: "round" as const };
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="currentColor">
      {level === "critical" ? <path d="M4.2 0.5h5.6l3.7 3.7v5.6l-3.7 3.7H4.2L0.5 9.8V4.2Z" /> : null}
      {level === "error" ? <circle cx="7" cy="7" r="6.5" /> : null}
      {level === "warning" ? <path d="M7 0.8L13.6 13H0.4Z" /> : null}
      {level === "notice" ? <circle cx="7" cy="7" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.4" /> : null}
      {level === "critical" || level === "error" ? <path d="M4.7 4.7l4.6 4.6M9.3 4.7L4.7 9.3" {...mark} /> : null}
      {level === "warning" ? <path d="M7 5v4M7 11v0.2" {...mark} /> : null}
      {level === "notice" ? <path d="M7 6.5v3.2M7 4.2v0.2" {...mark} stroke="currentColor" /> : null}
    </svg>
  );
}
