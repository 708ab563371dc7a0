import {
  DEFAULT_ADHERENCE_SETTINGS,
  deriveLiveAdherence,
  inIso,
  unixMillis,
  type AdherenceShift,
  type AgentState,
  type BoardAdherence,
} from "@fourwire/core";
import type { Store, StoredShift } from "@fourwire/store";
import type { AgentSettings } from "./agent-settings.ts";

/** The plan around now is held in memory: a day back, for who has been off plan since, and a day ahead. */
const HELD_MS = 36 * 3_600_000;

/** Shifts held; a contact centre of 10,000 agents with four activities a day has fewer. */
const MAX_SHIFTS = 200_000;

const RELOAD_MS = 3_600_000;

/** The plan around the present instant, for adherence on the board. */
export class LiveShifts {
  readonly #store: Store;
  readonly #settings: AgentSettings;
  readonly #now: () => number;
  #byAgent = new Map<string, AdherenceShift[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, settings: AgentSettings, now: () => number) {
    this.#store = store;
    this.#settings = settings;
    this.#now = now;
  }

  /** Reads the plan, and again every hour, because now moves on. */
  async start(): Promise<void> {
    await this.load();
    this.#timer = setInterval(() => {
      this.load().catch((error: unknown) => {
        process.stderr.write(
          `fourwire: shifts could not be read, the board judges by the old ones: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      });
    }, RELOAD_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async load(): Promise<void> {
    const now = this.#now();
    const shifts = await this.#store.shifts.list({ from: now - HELD_MS, to: now + HELD_MS }, MAX_SHIFTS);
    const byAgent = new Map<string, AdherenceShift[]>();
    for (const shift of shifts) {
      const own = byAgent.get(keyOf(shift));
      if (own === undefined) byAgent.set(keyOf(shift), [toAdherenceShift(shift)]);
      else own.push(toAdherenceShift(shift));
    }
    this.#byAgent = byAgent;
  }

  /** Null where there are no shifts at all; an agent without any is unscheduled. */
  judge(state: AgentState, now: number): { readonly adherence: BoardAdherence | null; readonly nextTime: number } {
    if (this.#byAgent.size === 0) return { adherence: null, nextTime: Number.POSITIVE_INFINITY };
    const shifts = this.#shiftsOf(state);
    const at = state.at_time;
    const start = Math.min(state.status_start_time ?? at, at);
    const isGone = state.is_logged_in === false;
    const adherence = deriveLiveAdherence({
      status: {
        start_time: unixMillis(Math.max(start, at - HELD_MS)),
        end_time: at,
        activity: isGone ? "offline" : "idle",
        status_name: isGone ? "Offline" : state.status_name,
        status_type: isGone ? "OFFLINE" : state.status_type,
        is_unknown: state.confidence === "unknown",
        record_ids: [],
      },
      shifts,
      settings: { ...DEFAULT_ADHERENCE_SETTINGS, ...this.#settings.adherence },
    });
    return { adherence: inIso(adherence), nextTime: nextChange(shifts, now) };
  }

  #shiftsOf(state: AgentState): readonly AdherenceShift[] {
    const ids = [state.agent_id, ...state.identities.map((identity) => identity.agent_id)];
    for (const id of ids) {
      const own = this.#byAgent.get(id);
      if (own !== undefined) return own;
    }
    return this.#byAgent.get(state.agent_username?.toLowerCase() ?? "") ?? [];
  }
}

function keyOf(shift: StoredShift): string {
  return shift.agent_id ?? shift.agent.toLowerCase();
}

/** The stored shift as adherence is derived from it. */
export function toAdherenceShift(shift: StoredShift): AdherenceShift {
  return {
    activity_name: shift.activity_name,
    is_productive: shift.is_productive,
    statuses: shift.statuses,
    start_time: unixMillis(shift.start_time),
    end_time: unixMillis(shift.end_time),
    start_early_ms: shift.start_early_ms,
    start_late_ms: shift.start_late_ms,
    end_early_ms: shift.end_early_ms,
    end_late_ms: shift.end_late_ms,
  };
}

/** When an edge of a shift or of a threshold comes next. */
function nextChange(shifts: readonly AdherenceShift[], now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const shift of shifts) {
    const edges = [
      shift.start_time - shift.start_early_ms,
      shift.start_time,
      shift.start_time + shift.start_late_ms,
      shift.end_time - shift.end_early_ms,
      shift.end_time,
      shift.end_time + shift.end_late_ms,
    ];
    for (const edge of edges) if (edge > now && edge < next) next = edge;
  }
  return next;
}
