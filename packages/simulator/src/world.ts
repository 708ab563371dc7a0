import { AGENT_NAMES } from "./agent-names.ts";
import type { Random } from "./prng.ts";

/** One of the account ids AWS reserves for documentation. */
export const ACCOUNT_ID = "111122223333";
export const REGION = "eu-west-2";
export const INSTANCE_ALIAS = "example";

export interface Resource {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
}

export interface AgentStatus extends Resource {
  readonly type: "ROUTABLE" | "CUSTOM" | "OFFLINE";
}

export interface RoutingProfile extends Resource {
  /** In order of priority. */
  readonly queues: readonly Resource[];
}

/** A flow and the ids of its blocks: they are the `Identifier`s of flow log entries. */
export interface Flow extends Resource {
  readonly blocks: Readonly<Record<string, string>>;
}

/** What does not change about an agent. */
export interface AgentProfile {
  readonly id: string;
  readonly arn: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly username: string;
  /** Level1 and Level2. */
  readonly hierarchy: readonly Resource[];
  readonly routingProfile: RoutingProfile;
  /** False where no collector runs in the browser: no CCP log will ever come from there. */
  readonly hasCollector: boolean;
  /** How far the browser's clock is ahead of the true time. */
  readonly clockAheadMs: number;
}

export interface World {
  readonly instance: Resource;
  readonly queues: { readonly support: Resource; readonly sales: Resource; readonly billing: Resource };
  readonly routingProfiles: readonly RoutingProfile[];
  readonly statuses: Readonly<Record<"available" | "break" | "lunch" | "training" | "offline", AgentStatus>>;
  readonly mainInbound: Flow;
  readonly customerQueue: Flow;
  readonly agentTransfer: Flow;
  readonly hours: Resource;
  readonly holdMusic: Resource;
  readonly systemNumber: string;
  readonly agents: readonly AgentProfile[];
  /** Connect user ids of people who work in the admin website and take no calls. */
  readonly supervisorIds: readonly string[];
}

const MAIN_INBOUND_BLOCKS = [
  "logging",
  "recording",
  "welcome",
  "hours",
  "lookup",
  "tier",
  "menu",
  "attributes",
  "queue",
  "staffing",
  "transfer",
  "apology",
  "default_queue",
  "closed",
  "hang_up",
] as const;

/** The agent of this number has no collector; absent in simulations of fewer agents. */
const AGENT_WITHOUT_COLLECTOR = 3;
/** The agent of this number sits at a computer whose clock is far out. */
const AGENT_WITH_WRONG_CLOCK = 5;
const WRONG_CLOCK_AHEAD_MS = 2_740;

export function createWorld(random: Random, agents: number): World {
  const instanceId = random.uuid();
  const root = `arn:aws:connect:${REGION}:${ACCOUNT_ID}:instance/${instanceId}`;
  const make = (type: string, name: string): Resource => {
    const id = random.uuid();
    return { id, arn: `${root}/${type}/${id}`, name };
  };
  const makeFlow = (name: string, blocks: readonly string[]): Flow => ({
    ...make("contact-flow", name),
    blocks: Object.fromEntries(blocks.map((block) => [block, random.uuid()])),
  });
  const queues = {
    support: make("queue", "Support"),
    sales: make("queue", "Sales"),
    billing: make("queue", "Billing"),
  };
  const routingProfiles = [
    { ...make("routing-profile", "Support and Billing"), queues: [queues.support, queues.billing] },
    { ...make("routing-profile", "Sales and Support"), queues: [queues.sales, queues.support] },
  ];
  return {
    instance: { id: instanceId, arn: root, name: INSTANCE_ALIAS },
    queues,
    routingProfiles,
    statuses: {
      available: { ...make("agent-state", "Available"), type: "ROUTABLE" },
      break: { ...make("agent-state", "Break"), type: "CUSTOM" },
      lunch: { ...make("agent-state", "Lunch"), type: "CUSTOM" },
      training: { ...make("agent-state", "Training"), type: "CUSTOM" },
      offline: { ...make("agent-state", "Offline"), type: "OFFLINE" },
    },
    mainInbound: makeFlow("Main inbound", MAIN_INBOUND_BLOCKS),
    customerQueue: makeFlow("Customer queue", ["loop"]),
    agentTransfer: makeFlow("Agent transfer", ["announcement", "transfer"]),
    hours: make("operating-hours", "Every day"),
    holdMusic: make("prompt", "CustomerQueue.wav"),
    // a number Ofcom keeps for drama: it is never in service
    systemNumber: "+442079460100",
    agents: makeAgents(random, { agents, root, routingProfiles, hierarchy: makeHierarchy(make) }),
    supervisorIds: [random.uuid(), random.uuid()],
  };
}

function makeHierarchy(make: (type: string, name: string) => Resource): readonly (readonly Resource[])[] {
  const site = make("agent-group", "London");
  return ["Team Thames", "Team Severn", "Team Tyne"].map((team) => [site, make("agent-group", team)]);
}

interface Staffing {
  readonly agents: number;
  readonly root: string;
  readonly routingProfiles: readonly RoutingProfile[];
  readonly hierarchy: readonly (readonly Resource[])[];
}

function makeAgents(random: Random, staffing: Staffing): readonly AgentProfile[] {
  return Array.from({ length: staffing.agents }, (_, index) => {
    const id = random.uuid();
    // two of three agents take support calls first
    const routingProfile = staffing.routingProfiles[index % 3 === 2 ? 1 : 0];
    if (routingProfile === undefined) throw new Error("no routing profile");
    return {
      id,
      arn: `${staffing.root}/agent/${id}`,
      ...nameAgent(index),
      hierarchy: staffing.hierarchy[index % staffing.hierarchy.length] ?? [],
      routingProfile,
      hasCollector: index !== AGENT_WITHOUT_COLLECTOR,
      clockAheadMs: index === AGENT_WITH_WRONG_CLOCK ? WRONG_CLOCK_AHEAD_MS : random.integer(-35, 60),
    };
  });
}

/** The list of names first; beyond it, first names meet other last names and login names are numbered. */
function nameAgent(index: number): { firstName: string; lastName: string; username: string } {
  const count = AGENT_NAMES.length;
  const round = Math.floor(index / count);
  const [firstName, , username] = AGENT_NAMES[index % count] ?? ["", "", ""];
  const lastName = AGENT_NAMES[(index + round * 5) % count]?.[1] ?? "";
  return { firstName, lastName, username: round === 0 ? username : `${username.split(".")[0]}${index + 1}` };
}
