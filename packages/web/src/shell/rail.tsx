import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { setPreferences, usePreferences, type Theme } from "../theme/preferences.ts";
import { formatCount } from "../time/format.ts";
import { Logo } from "./logo.tsx";
import { PLACES } from "./places.ts";
import { SourceHealth } from "./source-health.tsx";

export interface RailProps {
  readonly onShortcuts: () => void;
}

export function Rail({ onShortcuts }: RailProps): ReactNode {
  const { data: status } = useQuery(statusQuery());
  return (
    <nav className="rail" aria-label="Pages">
      <Link to="/contacts" className="brand" aria-label="Fourwire, to the contacts">
        <Logo />
        <span>Fourwire</span>
      </Link>
      <ul className="places">
        {PLACES.map((place) => (
          <li key={place.to}>
            <Link to={place.to} activeProps={{ className: "is-here", "aria-current": "page" }}>
              {place.label}
              {place.to === "/rejected" && status !== undefined && status.rejected_count > 0 ? (
                <span className="count">{formatCount(status.rejected_count)}</span>
              ) : null}
            </Link>
          </li>
        ))}
      </ul>
      <div className="spacer" />
      <SourceHealth />
      <RailFoot version={status?.version} onShortcuts={onShortcuts} />
    </nav>
  );
}

interface RailFootProps {
  readonly version: string | undefined;
  readonly onShortcuts: () => void;
}

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

function RailFoot({ version, onShortcuts }: RailFootProps): ReactNode {
  const { theme, density } = usePreferences();
  return (
    <div className="rail-foot">
      <button type="button" onClick={() => setPreferences({ theme: NEXT_THEME[theme] })} data-testid="theme-toggle">
        Colours: {theme}
      </button>
      <button
        type="button"
        aria-pressed={density === "comfortable"}
        onClick={() => setPreferences({ density: density === "compact" ? "comfortable" : "compact" })}
        data-testid="density-toggle"
      >
        Rows: {density}
      </button>
      <button type="button" onClick={onShortcuts}>
        Shortcuts <kbd>?</kbd>
      </button>
      {version === undefined ? null : <span className="muted">version {version}</span>}
    </div>
  );
}
