import { unixMillis, type UnixMillis } from "@fourwire/core";
import type { Emission } from "./emission.ts";
import { PLACES, staffPlaces } from "./places.ts";
import { createSiteSimulation, type SiteSimulation } from "./site-simulation.ts";
import type { Truth } from "./truth.ts";
import type { CcpLevel } from "./wires/ccp-log.ts";

export interface SimulationOptions {
  /** A whole number; the same options give the same bytes. */
  readonly seed: number;
  /** At least 1. */
  readonly agents: number;
  readonly startTime: UnixMillis;
  /**
   * `demo`: one place, calls only, an incident every 20 minutes, something to see within the first minute; what `fourwire
   * demo` shows. `centre`: places in several accounts and Regions, all channels, shifts; incidents only as asked for.
   */
  readonly preset?: "demo" | "centre";
  /** When the simulation ends. Incidents need it to find their time; absent: endless. */
  readonly durationMs?: number;
  /** Names of incidents, as `INCIDENTS` lists them. */
  readonly incidents?: readonly string[];
  /** The least level of CCP entries; the world is the same at any. */
  readonly level?: CcpLevel;
  /** Which of the centre's places to simulate, by number; each is independent of the others. Absent: all. */
  readonly places?: readonly number[];
  /** Told what really happened. */
  readonly tell?: (truth: Truth) => void;
}

/** A contact centre. Whoever reads it decides how fast time passes. Only one with a duration ever ends. */
export interface Simulation {
  /** The next record, in time order. Throws RangeError once the simulation has ended. */
  next(): Emission;
  /** The next record without taking it: its time says how long a paced reader has to wait. Throws as `next` does. */
  peek(): Emission;
  emissions(): Generator<Emission, never>;
  /** The records up to and including an instant, then ends; call again with a later one to go on. */
  emissionsUntil(time: UnixMillis): Generator<Emission, void>;
  /** Tells what is still going on; call it once, at the end. */
  finish(): void;
}

/** Places draw from generators of their own, this far apart. */
const SEED_STEP = 0x9e3779b1;

export function createSimulation(options: SimulationOptions): Simulation {
  const { agents } = options;
  if (!Number.isInteger(agents) || agents < 1) {
    throw new RangeError(`agents must be a whole number of at least 1: ${agents}`);
  }
  const sites = createSites(options);
  const earliest = (): { readonly site: SiteSimulation; readonly emission: Emission } | undefined => {
    let first: { readonly site: SiteSimulation; readonly emission: Emission } | undefined;
    for (const site of sites) {
      const emission = site.peek();
      if (emission === undefined) continue;
      if (first === undefined || emission.time < first.emission.time) first = { site, emission };
    }
    return first;
  };
  const take = (limit: number): Emission | undefined => {
    const first = earliest();
    if (first === undefined || first.emission.time > limit) return undefined;
    return first.site.next();
  };
  const peek = (): Emission => {
    const first = earliest();
    if (first === undefined) throw new RangeError("the simulation has ended");
    return first.emission;
  };
  const next = (): Emission => {
    const emission = take(Number.POSITIVE_INFINITY);
    if (emission === undefined) throw new RangeError("the simulation has ended");
    return emission;
  };
  return {
    next,
    peek,
    *emissions() {
      for (;;) yield next();
    },
    *emissionsUntil(time) {
      for (let emission = take(time); emission !== undefined; emission = take(time)) yield emission;
    },
    finish() {
      for (const site of sites) site.finish();
    },
  };
}

/** The places a centre of so many agents has, by number, and the agents of each. */
export function placesOf(options: Pick<SimulationOptions, "agents" | "preset">): readonly number[] {
  return options.preset === "centre" ? staffPlaces(options.agents) : [options.agents];
}

function createSites(options: SimulationOptions): readonly SiteSimulation[] {
  const staff = placesOf(options);
  const { durationMs, startTime } = options;
  return staff.flatMap((agents, index) => {
    const place = PLACES[index];
    if (place === undefined || (options.places !== undefined && !options.places.includes(index))) return [];
    return createSiteSimulation({
      seed: (options.seed + Math.imul(index, SEED_STEP)) | 0,
      agents,
      place,
      startTime,
      endTime: durationMs === undefined ? undefined : unixMillis(startTime + durationMs),
      isDemo: options.preset !== "centre",
      // incidents are told at one place, so that one can be compared with the others
      incidents: index === 0 ? (options.incidents ?? []) : [],
      level: options.level ?? "TRACE",
      tell: options.tell ?? (() => undefined),
    });
  });
}
