import type { ReactNode } from "react";

export interface ModeSwitchProps {
  readonly mode: "filter" | "sql";
  readonly onMode: (mode: "filter" | "sql") => void;
}

export function ModeSwitch({ mode, onMode }: ModeSwitchProps): ReactNode {
  return (
    <span className="segmented" role="group" aria-label="Query by">
      <button type="button" aria-pressed={mode === "filter"} onClick={() => onMode("filter")}>
        Filter
      </button>
      <button type="button" aria-pressed={mode === "sql"} onClick={() => onMode("sql")}>
        SQL
      </button>
    </span>
  );
}
