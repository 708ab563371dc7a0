/** Where a contact's state stands in the snapshot of an agent event, in Amazon's names and in ours. */
const STATE_NAMES = ["State", "state", "contact_state"];

/** The states of an agent's contacts as received, in words: "CONNECTED, ENDED"; empty when there are none. */
export function describeContactStates(states: unknown): string {
  if (!Array.isArray(states)) return "";
  return states.map(describeState).join(", ");
}

function describeState(state: unknown): string {
  if (typeof state === "string") return state;
  if (typeof state !== "object" || state === null) return "state not received";
  const known = new Map<string, unknown>(Object.entries(state));
  const text = STATE_NAMES.map((name) => known.get(name)).find((value) => typeof value === "string");
  return typeof text === "string" ? text : "state not received";
}
