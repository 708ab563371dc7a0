import { useEffect, useState, type ReactNode } from "react";
import { formatInstantIn } from "../time/format.ts";
import type { Zone } from "../time/range.ts";

export interface TimeMachineProps {
  /** ISO instant; undefined live. */
  readonly at: string | undefined;
  /** The server's present instant, ms. */
  readonly nowMs: number;
  readonly zone: Zone;
  readonly onAt: (at: string | undefined) => void;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
/** The board is read when the slider has rested for this long. */
const REST_MS = 120;

const STEPS = [
  { label: "−15 min", minutes: -15 },
  { label: "−1 min", minutes: -1 },
  { label: "+1 min", minutes: 1 },
  { label: "+15 min", minutes: 15 },
] as const;

/** Chooses the instant of the board: now, or any other, by steps, by the minute of a day, or typed. */
export function TimeMachine({ at, nowMs, zone, onAt }: TimeMachineProps): ReactNode {
  const atMs = at === undefined ? nowMs : Date.parse(at);
  const go = (ms: number): void => onAt(ms >= nowMs ? undefined : new Date(ms).toISOString());
  return (
    <div className="time-machine" role="group" aria-label="Instant of the board">
      <button
        type="button"
        className="button"
        aria-pressed={at === undefined}
        onClick={() => onAt(undefined)}
        data-testid="board-now"
      >
        Now
      </button>
      <span className="button-pair">
        {STEPS.map(({ label, minutes }) => (
          <button
            key={label}
            type="button"
            className="button"
            disabled={at === undefined && minutes > 0}
            onClick={() => go(atMs + minutes * MINUTE_MS)}
          >
            {label}
          </button>
        ))}
      </span>
      <MinuteSlider atMs={atMs} nowMs={nowMs} zone={zone} onGo={go} />
      <input
        type="datetime-local"
        className="input"
        step="1"
        aria-label={zone === "utc" ? "Instant, UTC" : "Instant, local time"}
        value={inputText(atMs, zone)}
        max={inputText(nowMs, zone)}
        onChange={(event) => {
          const ms = Date.parse(`${event.target.value}${zone === "utc" ? "Z" : ""}`);
          if (!Number.isNaN(ms)) go(ms);
        }}
        data-testid="board-at"
      />
    </div>
  );
}

interface MinuteSliderProps {
  readonly atMs: number;
  readonly nowMs: number;
  readonly zone: Zone;
  readonly onGo: (ms: number) => void;
}

/** The minutes of the day that the instant lies in. */
function MinuteSlider({ atMs, nowMs, zone, onGo }: MinuteSliderProps): ReactNode {
  const startMs = startOfDay(atMs, zone);
  const minutes = Math.floor((atMs - startMs) / MINUTE_MS);
  const [dragged, setDragged] = useState<number>();
  useEffect(() => {
    if (dragged === undefined) return undefined;
    const timer = setTimeout(() => {
      setDragged(undefined);
      onGo(startMs + dragged * MINUTE_MS);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [dragged, startMs, onGo]);
  const shown = dragged ?? minutes;
  return (
    <input
      type="range"
      className="minute-slider"
      min={0}
      max={Math.min(DAY_MINUTES - 1, Math.floor((nowMs - startMs) / MINUTE_MS))}
      value={shown}
      aria-label="Minute of the day"
      aria-valuetext={formatInstantIn(startMs + shown * MINUTE_MS, zone).slice(0, 16)}
      title={formatInstantIn(startMs + shown * MINUTE_MS, zone)}
      onChange={(event) => setDragged(Number(event.target.value))}
      data-testid="board-slider"
    />
  );
}

function startOfDay(ms: number, zone: Zone): number {
  const date = new Date(ms);
  return zone === "utc" ? date.setUTCHours(0, 0, 0, 0) : date.setHours(0, 0, 0, 0);
}

/** As `datetime-local` wants it: no zone, whole seconds. */
function inputText(ms: number, zone: Zone): string {
  return formatInstantIn(ms, zone).slice(0, 19).replace(" ", "T");
}
