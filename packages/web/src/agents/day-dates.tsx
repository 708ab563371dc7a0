import type { AgentDayResponse } from "@fourwire/core";
import type { ReactNode } from "react";
import { ShortId } from "../record/short-id.tsx";
import type { AgentSearch } from "./agent-search.ts";

export interface DayDatesProps {
  readonly day: AgentDayResponse;
  readonly compare: string | undefined;
  readonly onChange: (next: Partial<AgentSearch>) => void;
}

const DAY_MS = 86_400_000;

/** Which day it is, the days around it, the one compared with, and the way out as a file. */
export function DayDates({ day, compare, onChange }: DayDatesProps): ReactNode {
  const { date } = day;
  const go = (next: string | undefined): void =>
    onChange({ date: next, t0: undefined, t1: undefined, m0: undefined, m1: undefined });
  return (
    <div className="facts day-dates">
      {date === null ? null : (
        <span className="day-picker">
          <button type="button" className="button" onClick={() => go(shift(date, -1))} aria-label="The day before">
            ←
          </button>
          <input
            type="date"
            className="input"
            value={date}
            aria-label="Day"
            onChange={(event) => go(event.target.value === "" ? undefined : event.target.value)}
            data-testid="day-date"
          />
          <button type="button" className="button" onClick={() => go(shift(date, 1))} aria-label="The day after">
            →
          </button>
        </span>
      )}
      <label className="day-picker">
        <span className="muted">compare with</span>
        <input
          type="date"
          className="input"
          value={compare ?? ""}
          onChange={(event) => onChange({ compare: event.target.value === "" ? undefined : event.target.value })}
          data-testid="day-compare"
        />
      </label>
      <span className="muted">days of {day.zone}</span>
      <span>
        <span className="muted">login </span>
        {day.agent_username ?? "not received"}
      </span>
      <span>
        <span className="muted">agent </span>
        <ShortId id={day.agent_id} what="agent id" />
      </span>
      <a href={intervalsUrl(day)} download>
        intervals as CSV
      </a>
    </div>
  );
}

function shift(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

function intervalsUrl(day: AgentDayResponse): string {
  const query = new URLSearchParams({
    from: day.from_time,
    to: day.to_time,
    interval: "15m",
    zone: day.zone,
    agent: day.agent_id,
    format: "csv",
  });
  return `/v1/agents/intervals?${query.toString()}`;
}
