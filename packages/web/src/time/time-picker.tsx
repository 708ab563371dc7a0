import * as Popover from "@radix-ui/react-popover";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { formatDuration, formatInstantIn, formatMinute, zoneSuffix } from "./format.ts";
import { usePageRange, type PageRange } from "./range-context.ts";
import { describeRange, parseRange, PRESETS, widenRange, type RangeText } from "./range.ts";
import "./time.css";

export interface TimePickerProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function TimePicker({ isOpen, onOpenChange }: TimePickerProps): ReactNode {
  const range = usePageRange();
  const { resolved, zone } = range;
  const title = `${formatInstantIn(resolved.fromMs, zone)} to ${formatInstantIn(resolved.toMs, zone)}`;
  return (
    <Popover.Root open={isOpen} onOpenChange={onOpenChange}>
      <Popover.Trigger className="button time-button" title={title} data-testid="time-range">
        {describeRange(range.text) ?? absoluteLabel(range)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover time-picker" align="end" sideOffset={6} aria-label="Time range">
          <PickerBody range={range} onDone={() => onOpenChange(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface PickerBodyProps {
  readonly range: PageRange;
  readonly onDone: () => void;
}

function PickerBody({ range, onDone }: PickerBodyProps): ReactNode {
  const [text, setText] = useState("");
  const { resolved, zone } = range;
  const typed = text.trim() === "" ? undefined : parseRange(text, { nowMs: range.nowMs, zone });
  const take = (next: RangeText): void => {
    range.setRange(next);
    onDone();
  };
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (typed !== undefined) take(typed);
  };
  return (
    <>
      <div className="presets" role="group" aria-label="Presets">
        {PRESETS.map((preset) => (
          <button
            key={preset.from}
            type="button"
            className="button"
            aria-pressed={range.text.from === preset.from && range.text.to === undefined}
            onClick={() => take({ from: preset.from })}
          >
            {preset.label}
          </button>
        ))}
      </div>
      <form onSubmit={onSubmit}>
        <label htmlFor="range-text">Or say when</label>
        <input
          id="range-text"
          className="input"
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="yesterday 9-10"
          autoComplete="off"
          spellCheck={false}
        />
        <p className="muted typed" aria-live="polite">
          {describeTyped(text, typed, zone)}
        </p>
      </form>
      <p className="muted">
        Shown: {formatInstantIn(resolved.fromMs, zone)}
        <br />
        to {formatInstantIn(resolved.toMs, zone)} ({formatDuration(resolved.toMs - resolved.fromMs)})
      </p>
      <button type="button" className="button" onClick={() => take(widenRange(resolved, 3))}>
        Three times as wide
      </button>
    </>
  );
}

function absoluteLabel({ resolved, zone, nowMs }: PageRange): string {
  const from = formatMinute(resolved.fromMs, zone, nowMs);
  const to = formatMinute(resolved.toMs, zone, nowMs);
  const isOneDay = from.slice(0, -6) === to.slice(0, -6);
  return `${from} – ${isOneDay ? to.slice(-5) : to} ${zoneSuffix(resolved.toMs, zone)}`;
}

function describeTyped(text: string, typed: RangeText | undefined, zone: PageRange["zone"]): string {
  if (text.trim() === "") return "15 minutes · today 14-15 · 2026-11-20 14:00 to 15:30 · an ISO instant or epoch";
  if (typed === undefined) return "not understood yet";
  if (typed.from.startsWith("-")) return describeRange(typed) ?? typed.from;
  return `${formatInstantIn(typed.from, zone)} to ${typed.to === undefined ? "now" : formatInstantIn(typed.to, zone)}; Enter takes it`;
}
