import { LIVE_ACTIVITIES, type AgentBoardRow, type BoardRoutingProfile, type LiveActivityName } from "@fourwire/core";
import { ACTIVITY_LOOKS } from "./activity-looks.ts";
import type { NameRanks } from "./name-ranks.ts";
import type { BoardGrouping, BoardSearch } from "./board-search.ts";

export type BoardItem =
  | { readonly kind: "group"; readonly key: string; readonly label: string; readonly counts: ActivityCounts }
  | { readonly kind: "agent"; readonly key: string; readonly agentId: string };

export type ActivityCounts = Readonly<Partial<Record<LiveActivityName, number>>>;

export interface Arrangement {
  /** Group heads and agents, from the top down. */
  readonly items: readonly BoardItem[];
  /** Agents shown; in a grouping by queue each counts once. */
  readonly agentCount: number;
  /** Over everything the text filter lets through, whatever activity is chosen. */
  readonly counts: ActivityCounts;
  readonly attentionCount: number;
}

export interface ArrangeRequest {
  readonly rows: Iterable<AgentBoardRow>;
  readonly profiles: ReadonlyMap<string, BoardRoutingProfile>;
  readonly search: BoardSearch;
  /** Kept from one arrangement to the next. */
  readonly names: NameRanks;
}

/** Filters, groups and sorts the board. Within a group agents stand by name, so that nothing jumps while it is live. */
export function arrangeBoard({ rows, profiles, search, names }: ArrangeRequest): Arrangement {
  const wanted = (search.q ?? "").trim().toLowerCase();
  const found: AgentBoardRow[] = [];
  for (const row of rows) {
    if (wanted === "" || matches(row, wanted, profiles)) found.push(row);
  }
  const shown = found.filter(
    (row) =>
      (search.activity === undefined || row.activity === search.activity) &&
      (search.attention === undefined || needsAttention(row)),
  );
  sortByName(shown, names);
  return {
    items: search.group === undefined ? shown.map((row) => agentItem(row, "")) : group(shown, search.group, profiles),
    agentCount: shown.length,
    counts: countActivities(found),
    attentionCount: found.filter(needsAttention).length,
  };
}

/** Marked, or not doing what the plan says. */
export function needsAttention(row: AgentBoardRow): boolean {
  return row.marks.length > 0 || row.adherence?.adherence === "non_adherent";
}

/** The name to show: first and last, else the login, else the id. */
export function displayName(row: Pick<AgentBoardRow, "name" | "agent_username" | "agent_id">): string {
  return row.name ?? row.agent_username ?? row.agent_id;
}

function matches(row: AgentBoardRow, wanted: string, profiles: ReadonlyMap<string, BoardRoutingProfile>): boolean {
  const texts = [
    row.name,
    row.agent_username,
    row.agent_id,
    row.status_name,
    row.routing_profile_name,
    ...row.hierarchy,
    ...row.contacts.map((contact) => contact.contact_id),
    ...row.contacts.map((contact) => contact.queue_name),
    ...queuesOf(row, profiles),
  ];
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}

function queuesOf(row: AgentBoardRow, profiles: ReadonlyMap<string, BoardRoutingProfile>): readonly string[] {
  const profile = row.routing_profile_id === null ? undefined : profiles.get(row.routing_profile_id);
  return (profile?.queues ?? []).map((queue) => queue.queue_name ?? queue.queue_id);
}

function sortByName(rows: AgentBoardRow[], names: NameRanks): void {
  const ranks = names.rank(rows.map(displayName));
  const rankOf = (row: AgentBoardRow): number => ranks.get(displayName(row)) ?? 0;
  rows.sort((left, right) => rankOf(left) - rankOf(right) || (left.agent_id < right.agent_id ? -1 : 1));
}

/** For the labels of groups: few. */
const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

interface Group {
  readonly label: string;
  readonly order: number;
  readonly rows: AgentBoardRow[];
}

function group(
  rows: readonly AgentBoardRow[],
  grouping: BoardGrouping,
  profiles: ReadonlyMap<string, BoardRoutingProfile>,
): readonly BoardItem[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    for (const place of placesOf(row, grouping, profiles)) {
      const known = groups.get(place.label);
      if (known === undefined) groups.set(place.label, { ...place, rows: [row] });
      else known.rows.push(row);
    }
  }
  const ordered = [...groups.values()].toSorted(
    (left, right) => left.order - right.order || collator.compare(left.label, right.label),
  );
  return ordered.flatMap((one): readonly BoardItem[] => [
    { kind: "group", key: `group ${one.label}`, label: one.label, counts: countActivities(one.rows) },
    ...one.rows.map((row) => agentItem(row, one.label)),
  ]);
}

function placesOf(
  row: AgentBoardRow,
  grouping: BoardGrouping,
  profiles: ReadonlyMap<string, BoardRoutingProfile>,
): readonly Pick<Group, "label" | "order">[] {
  switch (grouping) {
    case "activity":
      return [{ label: ACTIVITY_LOOKS[row.activity].label, order: LIVE_ACTIVITIES.indexOf(row.activity) }];
    case "hierarchy":
      return [named(row.hierarchy.filter((level) => level !== null).join(" / "), "No hierarchy group")];
    case "routing_profile":
      return [named(row.routing_profile_name ?? row.routing_profile_id ?? "", "Routing profile not received")];
    case "queue": {
      const queues = queuesOf(row, profiles);
      return queues.length === 0 ? [named("", "No queue")] : queues.map((queue) => named(queue, queue));
    }
  }
}

/** What has no name comes last. */
function named(label: string, fallback: string): Pick<Group, "label" | "order"> {
  return label === "" ? { label: fallback, order: 1 } : { label, order: 0 };
}

function agentItem(row: AgentBoardRow, groupLabel: string): BoardItem {
  return { kind: "agent", key: `${row.agent_id} ${groupLabel}`, agentId: row.agent_id };
}

function countActivities(rows: readonly AgentBoardRow[]): ActivityCounts {
  const counts: Partial<Record<LiveActivityName, number>> = {};
  for (const row of rows) counts[row.activity] = (counts[row.activity] ?? 0) + 1;
  return counts;
}
