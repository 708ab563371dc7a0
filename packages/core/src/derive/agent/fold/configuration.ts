import type { AgentEventRow } from "../types/agent-event-row.ts";
import type { AgentMemory, HeldConfiguration } from "./agent-memory.ts";

const PLAIN_KEYS = [
  "slots",
  "routingProfileId",
  "routingProfileName",
  "firstName",
  "lastName",
  "currentRegion",
  "configuredRegions",
] as const satisfies readonly (keyof HeldConfiguration)[];

/** Takes over who the agent is and may do. True if that differs from what was held. */
export function readConfiguration(memory: AgentMemory, event: AgentEventRow): boolean {
  memory.region = event.region ?? memory.region;
  if (!event.has_current_snapshot) return false;
  const held = memory.configuration;
  const told = configurationOf(event);
  if (held !== null && isSame(held, told)) return false;
  memory.configuration = told;
  return held !== null;
}

function isSame(held: HeldConfiguration, told: HeldConfiguration): boolean {
  return (
    PLAIN_KEYS.every((key) => held[key] === told[key]) &&
    held.hierarchy.every((name, level) => name === told.hierarchy[level])
  );
}

function configurationOf(event: AgentEventRow): HeldConfiguration {
  return {
    firstName: event.first_name ?? null,
    lastName: event.last_name ?? null,
    routingProfileId: event.routing_profile_id ?? null,
    routingProfileName: event.routing_profile_name ?? null,
    hierarchy: hierarchyOf(event),
    slots: event.slots ?? null,
    currentRegion: event.current_region ?? null,
    configuredRegions: event.configured_regions ?? null,
  };
}

function hierarchyOf(event: AgentEventRow): (string | null)[] {
  return [
    event.hierarchy_level_1 ?? null,
    event.hierarchy_level_2 ?? null,
    event.hierarchy_level_3 ?? null,
    event.hierarchy_level_4 ?? null,
    event.hierarchy_level_5 ?? null,
  ];
}
