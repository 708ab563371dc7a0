import { deriveAdherence, unixMillis, type Adherence } from "@fourwire/core";
import type { DerivedRange, Store } from "@fourwire/store";
import type { AgentSettings } from "./agent-settings.ts";
import { toAdherenceShift } from "./live-shifts.ts";

const MAX_ROWS = 2_000_000;
const MAX_SHIFTS = 200_000;
const SETTLE_MS = 5000;

/** A threshold or a long activity may reach this far out of the span. */
const SLACK_MS = 86_400_000;

export interface AdherenceResult {
  readonly agents: readonly (Adherence & { readonly agent_username: string | null })[];
  /** Names in the plan that no record has told an id for. */
  readonly unknownAgents: readonly string[];
  readonly pendingDays: number;
}

/** How agents kept to the plan over a span: those who have one. */
export async function readAdherence(
  store: Store,
  settings: AgentSettings,
  range: DerivedRange,
): Promise<AdherenceResult> {
  const lastDate = new Date(range.to - 1).toISOString().slice(0, 10);
  const settled = await store.agentDays.settle({ agentIds: range.personIds, lastDate, budgetMs: SETTLE_MS });
  const [persons, shifts] = await Promise.all([
    store.live.persons(),
    store.shifts.list({ from: range.from - SLACK_MS, to: range.to + SLACK_MS }, MAX_SHIFTS),
  ]);
  const byPerson = new Map<string, (typeof shifts)[number][]>();
  const unknownAgents = new Set<string>();
  for (const shift of shifts) {
    if (shift.agent_id === null) {
      unknownAgents.add(shift.agent);
      continue;
    }
    const id = persons.get(shift.agent_id)?.personId ?? shift.agent_id;
    const own = byPerson.get(id);
    if (own === undefined) byPerson.set(id, [shift]);
    else own.push(shift);
  }
  const ids = [...byPerson.keys()].filter((id) => range.personIds?.includes(id) ?? true).sort();
  const activity = await store.derived.rows("agent_activity", { ...range, personIds: ids }, MAX_ROWS);
  const activityOf = new Map<string, (typeof activity)[number][]>(ids.map((id) => [id, []]));
  for (const row of activity) activityOf.get(row.agent_id)?.push(row);
  const agents = ids.map((id) => {
    const own = activityOf.get(id) ?? [];
    const adherence = deriveAdherence({
      agentId: id,
      activity: own,
      shifts: (byPerson.get(id) ?? []).map(toAdherenceShift),
      from: unixMillis(range.from),
      to: unixMillis(range.to),
      settings: settings.adherence,
    });
    return { ...adherence, agent_username: own[0]?.agent_username ?? null };
  });
  return { agents, unknownAgents: [...unknownAgents].sort(), pendingDays: settled.pendingDays };
}
