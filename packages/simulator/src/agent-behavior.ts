import type { Random } from "./prng.ts";

/** What an agent is like. Shares are probabilities per offer, per contact or per shift. */
export interface AgentBehavior {
  /** Times the usual talking time; below 1 is quick. */
  readonly pace: number;
  /** Lets it ring out. */
  readonly missShare: number;
  /** Presses reject. */
  readonly declineShare: number;
  /** Leaves for a pause from within after-contact work, which ends it. */
  readonly cutsAfterContactWorkShare: number;
  /** How a shift ends. */
  readonly goesHome: "logs_out" | "closes_browser" | "leaves_it_open";
  /** After-contact work ends by itself after so long; undefined: never. */
  readonly afterContactWorkLimitMs: number | undefined;
  /** Local hour at which the shift starts, in quarters; a shift lasts `shiftHours`. */
  readonly shiftStartHour: number;
  readonly shiftHours: number;
  /** Days of the week off, Sunday is 0. */
  readonly daysOff: readonly number[];
}

const RELIABLE = { missShare: 0.015, declineShare: 0.004 } as const;
const UNRELIABLE = { missShare: 0.09, declineShare: 0.05 } as const;
const UNRELIABLE_PART = 0.12;
const LATEST_SHIFT_START_QUARTER = 24;
const FIRST_SHIFT_HOUR = 7;

export function drawBehavior(random: Random, isDemo: boolean): AgentBehavior {
  const draw = random.next();
  const home = random.next();
  const reliability = draw < UNRELIABLE_PART ? UNRELIABLE : RELIABLE;
  const firstDayOff = random.pick([0, 0, 0, 1, 3, 5, 6]);
  return {
    pace: isDemo ? 1 : 0.75 + random.next() * 0.6,
    // the demo's contacts have their misfortunes in their own plans
    ...(isDemo ? { missShare: 0, declineShare: 0 } : reliability),
    cutsAfterContactWorkShare: isDemo ? 0 : 0.06,
    goesHome: isDemo || home < 0.84 ? "logs_out" : home < 0.96 ? "closes_browser" : "leaves_it_open",
    afterContactWorkLimitMs: isDemo || random.chance(0.5) ? undefined : random.pick([60_000, 120_000, 300_000]),
    shiftStartHour: FIRST_SHIFT_HOUR + random.integer(0, LATEST_SHIFT_START_QUARTER) / 4,
    shiftHours: random.pick([4, 6, 8, 8, 8, 8.5]),
    daysOff: [firstDayOff, (firstDayOff + 6) % 7],
  };
}

/** Somebody who listens in during office hours; the second one has other days off. */
export function supervisorBehavior(index: number): AgentBehavior {
  return {
    pace: 1,
    missShare: 0,
    declineShare: 0,
    cutsAfterContactWorkShare: 0,
    goesHome: "logs_out",
    afterContactWorkLimitMs: undefined,
    shiftStartHour: 8 + index,
    shiftHours: 9,
    daysOff: index === 0 ? [0, 6] : [2, 3],
  };
}
