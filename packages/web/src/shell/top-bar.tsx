import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { statusQuery } from "../api/queries.ts";
import { shortenId } from "../record/shorten-id.ts";
import { zoneSuffix } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { absoluteRange } from "../time/range.ts";
import { TimePicker } from "../time/time-picker.tsx";
import { PLACES } from "./places.ts";

export interface TopBarProps {
  readonly isTimeOpen: boolean;
  readonly onTimeOpenChange: (isOpen: boolean) => void;
  readonly onPalette: () => void;
}

export function TopBar({ isTimeOpen, onTimeOpenChange, onPalette }: TopBarProps): ReactNode {
  const { data: status } = useQuery(statusQuery());
  return (
    <header className="top-bar">
      <Place />
      {status?.is_demo === true ? <span className="demo-tag">simulated data</span> : null}
      <span className="spacer" />
      <button type="button" className="button palette-button" onClick={onPalette} data-testid="open-palette">
        <span className="muted">Go to an id, name or command</span>
        <kbd>Ctrl K</kbd>
      </button>
      <TimePicker isOpen={isTimeOpen} onOpenChange={onTimeOpenChange} />
      <FreezeButton />
      <ZoneSwitch />
      <LiveSwitch />
    </header>
  );
}

function Place(): ReactNode {
  const path = useLocation({ select: (location) => location.pathname });
  const [, top = "", id] = path.split("/");
  const label = PLACES.find((place) => place.to === `/${top}`)?.label ?? "Fourwire";
  const detail = id === undefined || id === "" ? "" : shortenId(decodeURIComponent(id));
  return (
    <p className="place">
      <span className={detail === "" ? "" : "muted"}>{label}</span>
      {detail === "" ? null : (
        <>
          <span className="muted"> / </span>
          <span>{detail}</span>
        </>
      )}
    </p>
  );
}

function FreezeButton(): ReactNode {
  const { resolved, setRange, refresh, isLive } = usePageRange();
  if (!resolved.isRelative) return null;
  return (
    <span className="button-pair">
      <button
        type="button"
        className="button"
        onClick={refresh}
        disabled={isLive}
        title="move the range up to now and load again"
      >
        Refresh
      </button>
      <button
        type="button"
        className="button"
        onClick={() => setRange(absoluteRange(resolved.fromMs, resolved.toMs))}
        title="keep this range as it is now, so that the link shows the same to everyone"
        data-testid="freeze-range"
      >
        Freeze
      </button>
    </span>
  );
}

function ZoneSwitch(): ReactNode {
  const { zone, setZone, resolved } = usePageRange();
  return (
    <span className="segmented" role="group" aria-label="Time zone">
      <button type="button" aria-pressed={zone === "local"} onClick={() => setZone("local")} data-testid="zone-local">
        Local {zoneSuffix(resolved.toMs, "local")}
      </button>
      <button type="button" aria-pressed={zone === "utc"} onClick={() => setZone("utc")} data-testid="zone-utc">
        UTC
      </button>
    </span>
  );
}

function LiveSwitch(): ReactNode {
  const { isLive, setLive } = usePageRange();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isLive}
      data-active={isLive}
      className="button live-switch"
      onClick={(event) => {
        setLive(!isLive);
        // after a click by hand Space belongs to the live list, where it pauses
        if (event.detail > 0) event.currentTarget.blur();
      }}
      data-testid="live-switch"
    >
      <span className="live-dot" data-on={isLive} aria-hidden="true" />
      Live
    </button>
  );
}
