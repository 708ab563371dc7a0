import { AppError, parseInstant } from "@fourwire/core";
import { CCP_LEVELS, INCIDENTS, type CcpLevel } from "@fourwire/simulator";
import { durationSchema } from "../receivers/duration.ts";
import { parseEndpoints, type AwsDestinations } from "../simulate/aws-settings.ts";
import type { SimulateSettings } from "../simulate/simulate-settings.ts";
import { closest } from "./closest.ts";
import { wholeNumber } from "./whole-number.ts";

export interface SimulateFlags {
  readonly scenario?: string;
  readonly list?: boolean;
  readonly agents: string;
  readonly duration: string;
  readonly days?: string;
  readonly start?: string;
  readonly seed: string;
  readonly level: string;
  readonly speed: string;
  readonly out?: string;
  readonly to?: string;
  readonly token?: string;
  readonly truth?: string;
  readonly toAws?: boolean;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly stream?: string;
  readonly recordStream?: string;
  readonly logGroup?: string;
  readonly bucket?: string;
  readonly bus?: string;
  readonly eventSource: string;
  readonly json?: boolean;
}

/** A Monday: two in the afternoon in London, nine in the morning in New York. */
export const DEFAULT_START = "2026-11-02T14:00:00.000Z";
const DAY_MS = 86_400_000;
const MOST_DAYS = 31;
const FASTEST = 1_000;
const DURATION = durationSchema({ minMs: 60_000, maxMs: MOST_DAYS * DAY_MS });

/**
 * `now` is the wall clock's time in milliseconds. Unless it is told otherwise, a paced simulation begins then, and one that
 * goes to AWS ends then: CloudWatch Logs drops what is old or lies ahead.
 */
export function settingsOf(flags: SimulateFlags, now: number): SimulateSettings {
  return {
    seed: wholeNumber(flags.seed, "--seed", { min: 0, max: 2 ** 31 - 1 }),
    agents: wholeNumber(flags.agents, "--agents", { min: 1, max: 20_000 }),
    startTime: startOf(flags, now),
    durationMs: durationOf(flags),
    incidents: incidentsOf(flags.scenario),
    level: levelOf(flags.level),
  };
}

/** The server that records are sent to, without a slash at its end. */
export function serverUrlOf(to: string): string {
  const url = URL.canParse(to) ? new URL(to) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return to.replace(/\/+$/, "");
  throw new AppError(
    "parameter_invalid",
    `--to must be the address of a server such as http://127.0.0.1:4004, not "${to}"`,
  );
}

export function speedOf({ speed }: SimulateFlags): number | undefined {
  if (speed === "max") return undefined;
  const factor = Number(speed);
  if (Number.isFinite(factor) && factor > 0 && factor <= FASTEST) return factor;
  throw new AppError("parameter_invalid", `--speed must be max or a number up to ${FASTEST}, not "${speed}"`);
}

export function destinationsOf(flags: SimulateFlags): AwsDestinations {
  const { stream, logGroup, bucket, bus } = flags;
  const recordStream = flags.recordStream ?? stream;
  if ([stream, recordStream, logGroup, bucket, bus].every((destination) => destination === undefined)) {
    throw new AppError(
      "parameter_invalid",
      "--to-aws needs a destination: --stream, --record-stream, --log-group, --bucket or --bus",
    );
  }
  return {
    region: flags.region,
    profile: flags.profile,
    endpoints: parseEndpoints(flags.endpoint),
    stream,
    recordStream,
    logGroup,
    bucket,
    bus,
    eventSource: flags.eventSource,
  };
}

function startOf(flags: SimulateFlags, now: number): number {
  const { start } = flags;
  if (start === undefined && speedOf(flags) !== undefined) return now;
  if (start === undefined && flags.toAws === true) return now - durationOf(flags);
  const time = parseInstant(start ?? DEFAULT_START);
  if (time !== undefined) return time;
  throw new AppError("parameter_invalid", `--start must be a time such as ${DEFAULT_START}, not "${start}"`);
}

function durationOf(flags: SimulateFlags): number {
  if (flags.days !== undefined) return wholeNumber(flags.days, "--days", { min: 1, max: MOST_DAYS }) * DAY_MS;
  const parsed = DURATION.safeParse(flags.duration);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? "not a duration";
  throw new AppError("parameter_invalid", `--duration "${flags.duration}": ${reason}`);
}

function incidentsOf(text: string | undefined): readonly string[] {
  const known = INCIDENTS.map(({ name }) => name);
  const wanted = (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  for (const name of wanted) {
    if (known.includes(name)) continue;
    const likely = closest(name, known);
    // a word that has nothing of the name suggests nothing
    const advice = likely.split("-").some((part) => name.includes(part)) ? ` did you mean "${likely}"?` : "";
    throw new AppError(
      "parameter_invalid",
      `there is no scenario "${name}":${advice} fourwire simulate --list shows all`,
    );
  }
  return [...new Set(wanted)];
}

function levelOf(text: string): CcpLevel {
  const level = CCP_LEVELS.find((name) => name === text.toUpperCase());
  if (level !== undefined) return level;
  throw new AppError("parameter_invalid", `--level must be one of ${CCP_LEVELS.join(", ")}, not "${text}"`);
}
