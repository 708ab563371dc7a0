import type { AgentBoardRow, AgentMarkName } from "@fourwire/core";

const MARK_WORDS: Readonly<Record<AgentMarkName, string>> = {
  unknown: "not heard of",
  stale: "stale",
  presumed_offline: "presumed offline",
  ghost: "ghost",
  duplicate_ccp: "two CCPs",
  after_contact_work_long: "long after contact",
};

export function describeMark(mark: AgentMarkName): string {
  return MARK_WORDS[mark];
}

/** `voice 1/1, chat 2/5`: contacts at hand of contacts possible; empty where the wire says nothing. */
export function describeSlots(row: Pick<AgentBoardRow, "slots">): string {
  return row.slots
    .filter((slot) => slot.maximum_slots !== null && slot.maximum_slots > 0)
    .map((slot) => {
      const used = slot.available_slots === null ? "?" : (slot.maximum_slots ?? 0) - slot.available_slots;
      return `${slot.channel?.toLowerCase() ?? "?"} ${used}/${slot.maximum_slots}`;
    })
    .join(", ");
}
