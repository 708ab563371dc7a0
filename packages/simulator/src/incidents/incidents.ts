import { unixMillis, type UnixMillis } from "@fourwire/core";
import type { Stage } from "../stage.ts";
import { BAD_FLOW_PUBLISH } from "./bad-flow-publish.ts";
import { CLOCK_SKEW } from "./clock-skew.ts";
import { DUPLICATE_STORM } from "./duplicate-storm.ts";
import { GHOST_AGENT } from "./ghost-agent.ts";
import { ICE_LOSS } from "./ice-loss.ts";
import type { Incident, IncidentSpan } from "./incident.ts";
import { INSTANCE_DELETED } from "./instance-deleted.ts";
import { LAMBDA_TIMEOUT } from "./lambda-timeout.ts";
import { LATE_TRAIL } from "./late-trail.ts";
import { LEX_FALLBACK_LOOP } from "./lex-fallback-loop.ts";
import { LOST_EVENTS } from "./lost-events.ts";
import { MIC_DENIED } from "./mic-denied.ts";
import { PRIVILEGE_ESCALATION } from "./privilege-escalation.ts";
import { QUEUE_FULL } from "./queue-full.ts";
import { RECORDING_DISABLED } from "./recording-disabled.ts";
import { REGION_FAILOVER } from "./region-failover.ts";
import { TAB_SLEEP_MISSED_CALLS } from "./tab-sleep-missed-calls.ts";
import { TOLL_FRAUD } from "./toll-fraud.ts";
import { TURN_BLOCKED } from "./turn-blocked.ts";

/** Every incident that can be asked for, by name. */
export const INCIDENTS: readonly Incident[] = [
  ICE_LOSS,
  TURN_BLOCKED,
  MIC_DENIED,
  TAB_SLEEP_MISSED_CALLS,
  GHOST_AGENT,
  LAMBDA_TIMEOUT,
  LEX_FALLBACK_LOOP,
  BAD_FLOW_PUBLISH,
  QUEUE_FULL,
  CLOCK_SKEW,
  TOLL_FRAUD,
  PRIVILEGE_ESCALATION,
  INSTANCE_DELETED,
  RECORDING_DISABLED,
  REGION_FAILOVER,
  LOST_EVENTS,
  DUPLICATE_STORM,
  LATE_TRAIL,
];

const MINUTE_MS = 60_000;
const LONGEST_MS = 20 * MINUTE_MS;
/** Of a simulation of less than a day: incidents begin between these parts of it. */
const FIRST_PART = 0.25;
const LAST_PART = 0.75;
const SPAN_PART = 0.25;
/** Of a longer one: from ten in the morning, local time, within six hours. */
const MORNING_HOUR = 10;
const HOURS_OF_INCIDENTS = 6;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** An endless simulation has them soon. */
const SOON_MS = 10 * MINUTE_MS;

/** Plans the named incidents, one after another; throws RangeError for a name that is none. */
export function startIncidents(stage: Stage, names: readonly string[]): void {
  const incidents = names.map(incidentOf);
  const inOrder = [
    ...incidents.filter(({ isLasting }) => isLasting !== true),
    ...incidents.filter(({ isLasting }) => isLasting === true),
  ];
  for (const [index, incident] of inOrder.entries()) incident.plan(stage, spanOf(stage, index / names.length));
}

function incidentOf(name: string): Incident {
  const incident = INCIDENTS.find((candidate) => candidate.name === name);
  if (incident === undefined) throw new RangeError(`there is no incident called ${name}`);
  return incident;
}

/** `position` is in [0, 1): where among the incidents this one is. */
function spanOf({ clock, endTime, world }: Stage, position: number): IncidentSpan {
  const startTime = clock.now;
  if (endTime === undefined) return span(startTime + SOON_MS + position * HOUR_MS, LONGEST_MS);
  const durationMs = endTime - startTime;
  if (durationMs < DAY_MS) {
    const part = FIRST_PART + (LAST_PART - FIRST_PART) * position;
    return span(startTime + durationMs * part, Math.min(LONGEST_MS, durationMs * SPAN_PART));
  }
  const offsetMs = world.localOffsetMs;
  const localMidnight = Math.floor((startTime + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  const morning = localMidnight + MORNING_HOUR * HOUR_MS;
  const first = morning < startTime + HOUR_MS ? morning + DAY_MS : morning;
  const begins = first + position * HOURS_OF_INCIDENTS * HOUR_MS;
  // a simulation from noon to noon has no whole morning left
  return span(Math.min(begins, endTime - HOUR_MS), LONGEST_MS);
}

function span(startTime: number, durationMs: number): IncidentSpan {
  const begin: UnixMillis = unixMillis(startTime);
  return { startTime: begin, endTime: unixMillis(begin + durationMs) };
}
