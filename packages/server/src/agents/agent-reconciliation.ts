import {
  reconcile,
  unixMillis,
  type AgentActivity,
  type AgentContactState,
  type AgentGap,
  type AfterContactWork,
  type ContactRecordRow,
  type Reconciliation,
} from "@fourwire/core";
import type { DerivedRange, Person, Store } from "@fourwire/store";

/** Rows of one table in one reconciliation; a week of 1,000 agents has about this many. */
const MAX_ROWS = 2_000_000;

const SETTLE_MS = 5000;

export interface ReconciliationResult {
  readonly agents: readonly Reconciliation[];
  readonly pendingDays: number;
}

/** Events against contact records, agent by agent; only agents that have contacts on either side. */
export async function reconcileAgents(
  store: Store,
  range: DerivedRange & { readonly now: number },
): Promise<ReconciliationResult> {
  const lastDate = new Date(range.to - 1).toISOString().slice(0, 10);
  const settled = await store.agentDays.settle({ agentIds: range.personIds, lastDate, budgetMs: SETTLE_MS });
  const [persons, states, work, gaps, activity] = await Promise.all([
    store.live.persons(),
    store.derived.rows("agent_contact_state", range, MAX_ROWS),
    store.derived.rows("agent_after_contact_work", range, MAX_ROWS),
    store.derived.rows("agent_gap", range, MAX_ROWS),
    store.derived.rows("agent_activity", range, MAX_ROWS),
  ]);
  const wanted = range.personIds === undefined ? undefined : new Set(range.personIds);
  const agentIds =
    wanted === undefined
      ? undefined
      : [...persons].flatMap(([id, person]) => (wanted.has(person.personId) ? [id] : []));
  const records = await store.derived.contactRecords({ agentIds, from: range.from, to: range.to }, MAX_ROWS);
  const parts = { states: groupBy(states), work: groupBy(work), gaps: groupBy(gaps), activity: groupBy(activity) };
  const recordsOf = groupBy(
    records.flatMap((record) =>
      record.agent_id == null ? [] : [{ ...record, agent_id: personIdOf(persons, record.agent_id) }],
    ),
  );
  const ids = [...new Set([...parts.states.keys(), ...recordsOf.keys()])].sort();
  const agents = ids
    .filter((id) => wanted?.has(id) ?? true)
    .map((id) => reconcileOne(id, { parts, records: recordsOf.get(id) ?? [], range }))
    .filter((agent) => agent.contact_count > 0);
  return { agents, pendingDays: settled.pendingDays };
}

interface Parts {
  readonly states: ReadonlyMap<string, readonly AgentContactState[]>;
  readonly work: ReadonlyMap<string, readonly AfterContactWork[]>;
  readonly gaps: ReadonlyMap<string, readonly AgentGap[]>;
  readonly activity: ReadonlyMap<string, readonly AgentActivity[]>;
}

function reconcileOne(
  id: string,
  input: {
    readonly parts: Parts;
    readonly records: readonly ContactRecordRow[];
    readonly range: DerivedRange & { readonly now: number };
  },
): Reconciliation {
  const { parts, range } = input;
  return reconcile({
    derivation: {
      agent_id: id,
      contact_states: parts.states.get(id) ?? [],
      after_contact_work: parts.work.get(id) ?? [],
      gaps: parts.gaps.get(id) ?? [],
      activity: parts.activity.get(id) ?? [],
      to_time: unixMillis(range.to),
    },
    records: input.records,
    now: unixMillis(range.now),
  });
}

function personIdOf(persons: ReadonlyMap<string, Person>, agentId: string): string {
  return persons.get(agentId)?.personId ?? agentId;
}

function groupBy<Row extends { readonly agent_id?: string | null | undefined }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = row.agent_id ?? "";
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}
