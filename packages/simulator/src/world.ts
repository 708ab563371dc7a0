import { AGENT_NAMES } from "./agent-names.ts";
import { drawBehavior, supervisorBehavior, type AgentBehavior } from "./agent-behavior.ts";
import type { FlowResource } from "./flow-engine/flow-resource.ts";
import { makeFlows, type Flows } from "./flows/instance-flows.ts";
import type { Place } from "./places.ts";
import type { Random } from "./prng.ts";

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
  /** How many contacts of a channel an agent takes at once; a channel that is absent is not taken. */
  readonly concurrency: readonly { readonly channel: Channel; readonly maximum: number }[];
}

export type Channel = "VOICE" | "CHAT" | "TASK" | "EMAIL";

/** A version of a flow and the ids of its blocks by name: they are the `Identifier`s of flow log entries. */
export interface Flow extends Resource, FlowResource {
  readonly blocks: Readonly<Record<string, string>>;
}

/** What an agent is good at. */
export interface Proficiency {
  readonly name: string;
  readonly value: string;
  /** 1 to 5. */
  readonly level: number;
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
  readonly proficiencies: readonly Proficiency[];
  /** False where no collector runs in the browser: no CCP log will ever come from there. */
  readonly hasCollector: boolean;
  /** How far the browser's clock is ahead of the true time. */
  readonly clockAheadMs: number;
  /** Which of the two ways of connect-rtc-js the agent's page takes; the second is that of 1.3 and later. */
  readonly mediaPath: "V1" | "V2";
  readonly behavior: AgentBehavior;
}

/** One Connect instance and who works there. */
export interface World extends Flows {
  readonly place: Place;
  /** Milliseconds to add to UTC for the time of day that people live by. */
  readonly localOffsetMs: number;
  readonly isDemo: boolean;
  readonly instance: Resource;
  readonly queues: {
    readonly support: Resource;
    readonly sales: Resource;
    readonly billing: Resource;
    readonly webChat: Resource;
    readonly backOffice: Resource;
    readonly email: Resource;
  };
  readonly routingProfiles: readonly RoutingProfile[];
  readonly statuses: Readonly<
    Record<"available" | "break" | "lunch" | "training" | "coaching" | "offline", AgentStatus>
  >;
  readonly botAliasArn: string;
  readonly lookupFunctionArn: string;
  readonly cardCheckFunctionArn: string;
  readonly securityProfiles: { readonly agent: Resource; readonly supervisor: Resource; readonly admin: Resource };
  readonly recordingBucket: string;
  readonly agents: readonly AgentProfile[];
  /** Connect user ids of people who work in the admin website and take no calls. */
  readonly supervisorIds: readonly string[];
  /** Those of them who also listen in, on top of the agents; none in the demo. */
  readonly supervisors: readonly AgentProfile[];
}

/** The agent of this number has no collector; absent in simulations of fewer agents. */
const AGENT_WITHOUT_COLLECTOR = 3;
/** The agent of this number sits at a computer whose clock is far out. */
const AGENT_WITH_WRONG_CLOCK = 5;
const WRONG_CLOCK_AHEAD_MS = 2_740;

export interface WorldOptions {
  readonly place: Place;
  readonly localOffsetMs: number;
  readonly agents: number;
  /** The demo's agents take calls only, and log in by its own script. */
  readonly isDemo: boolean;
}

export function createWorld(random: Random, { place, localOffsetMs, agents, isDemo }: WorldOptions): World {
  const instanceId = random.uuid();
  const root = `arn:aws:connect:${place.region}:${place.accountId}:instance/${instanceId}`;
  const make = (type: string, name: string): Resource => {
    const id = random.uuid();
    return { id, arn: `${root}/${type}/${id}`, name };
  };
  const queues = {
    support: make("queue", "Support"),
    sales: make("queue", "Sales"),
    billing: make("queue", "Billing"),
    webChat: make("queue", "Web chat"),
    backOffice: make("queue", "Back office"),
    email: make("queue", "E-mail"),
  };
  const routingProfiles = makeRoutingProfiles(make, queues, isDemo);
  const parts = {
    place,
    queues,
    make,
    hasOverflow: !isDemo,
    hours: make("operating-hours", "Every day"),
    holdMusic: make("prompt", "CustomerQueue.wav"),
    botAliasArn: `arn:aws:lex:${place.region}:${place.accountId}:bot-alias/${random.token(BASE36_UPPER, 10)}/${random.token(BASE36_UPPER, 10)}`,
    lookupFunctionArn: `arn:aws:lambda:${place.region}:${place.accountId}:function:customer-lookup`,
    cardCheckFunctionArn: `arn:aws:lambda:${place.region}:${place.accountId}:function:card-check`,
  };
  const flows = makeFlows(random, parts);
  return {
    place,
    localOffsetMs,
    isDemo,
    instance: { id: instanceId, arn: root, name: place.alias },
    queues,
    routingProfiles,
    statuses: {
      available: { ...make("agent-state", "Available"), type: "ROUTABLE" },
      break: { ...make("agent-state", "Break"), type: "CUSTOM" },
      lunch: { ...make("agent-state", "Lunch"), type: "CUSTOM" },
      training: { ...make("agent-state", "Training"), type: "CUSTOM" },
      coaching: { ...make("agent-state", "Coaching"), type: "CUSTOM" },
      offline: { ...make("agent-state", "Offline"), type: "OFFLINE" },
    },
    ...flows,
    lookupFunctionArn: parts.lookupFunctionArn,
    cardCheckFunctionArn: parts.cardCheckFunctionArn,
    botAliasArn: parts.botAliasArn,
    securityProfiles: {
      agent: make("security-profile", "Agent"),
      supervisor: make("security-profile", "CallCenterManager"),
      admin: make("security-profile", "Admin"),
    },
    recordingBucket: `connect-${place.alias}-recordings`,
    agents: makeAgents(random, {
      agents,
      root,
      routingProfiles,
      isDemo,
      firstName: place.firstName,
      language: place.language,
      hierarchy: makeHierarchy(make, place),
    }),
    ...makeSupervisors(random, { agents, root, isDemo, place, routingProfiles, make }),
  };
}

const BASE36_UPPER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const VOICE_ONLY = [{ channel: "VOICE", maximum: 1 }] as const;
const ALL_CHANNELS = [
  { channel: "VOICE", maximum: 1 },
  { channel: "CHAT", maximum: 3 },
  { channel: "TASK", maximum: 2 },
  { channel: "EMAIL", maximum: 2 },
] as const;
const VOICE_AND_TASKS = [
  { channel: "VOICE", maximum: 1 },
  { channel: "TASK", maximum: 2 },
] as const;

function makeRoutingProfiles(
  make: (type: string, name: string) => Resource,
  queues: World["queues"],
  isDemo: boolean,
): readonly RoutingProfile[] {
  const { support, sales, billing, webChat, backOffice, email } = queues;
  const first = make("routing-profile", "Support and Billing");
  const second = make("routing-profile", "Sales and Support");
  if (isDemo) {
    return [
      { ...first, queues: [support, billing], concurrency: VOICE_ONLY },
      { ...second, queues: [sales, support], concurrency: VOICE_ONLY },
    ];
  }
  return [
    { ...first, queues: [support, billing, webChat, email], concurrency: ALL_CHANNELS },
    { ...second, queues: [sales, support, backOffice], concurrency: VOICE_AND_TASKS },
  ];
}

function makeHierarchy(make: (type: string, name: string) => Resource, place: Place): readonly (readonly Resource[])[] {
  const site = make("agent-group", place.city);
  return place.teams.map((team) => [site, make("agent-group", team)]);
}

interface Staffing {
  readonly agents: number;
  readonly root: string;
  readonly isDemo: boolean;
  /** Where in the list of names this place begins. */
  readonly firstName: number;
  readonly language: string;
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
      ...nameAgent(index + staffing.firstName),
      hierarchy: staffing.hierarchy[index % staffing.hierarchy.length] ?? [],
      routingProfile,
      proficiencies: proficienciesOf(staffing.language, index),
      hasCollector: index !== AGENT_WITHOUT_COLLECTOR,
      clockAheadMs: index === AGENT_WITH_WRONG_CLOCK ? WRONG_CLOCK_AHEAD_MS : random.integer(-35, 60),
      mediaPath: staffing.isDemo || Math.floor(index / 3) % 3 !== 2 ? "V2" : "V1",
      behavior: drawBehavior(random, staffing.isDemo),
    };
  });
}

/** Far down the list of names, where login names are numbered: nobody is two people. */
const SUPERVISOR_NAMES = 9_000;
/** Beyond this many agents somebody listens in; beyond twice as many, two do. */
const AGENTS_A_SUPERVISOR = 8;

interface Supervision {
  readonly agents: number;
  readonly root: string;
  readonly isDemo: boolean;
  readonly place: Place;
  readonly routingProfiles: readonly RoutingProfile[];
  readonly make: (type: string, name: string) => Resource;
}

function makeSupervisors(random: Random, supervision: Supervision): Pick<World, "supervisorIds" | "supervisors"> {
  const { agents, root, isDemo, place, routingProfiles, make } = supervision;
  const supervisorIds = [random.uuid(), random.uuid()];
  if (isDemo) return { supervisorIds, supervisors: [] };
  const routingProfile = {
    ...make("routing-profile", "Supervisors"),
    queues: (routingProfiles[0]?.queues ?? []).slice(0, 1),
    concurrency: VOICE_ONLY,
  };
  const group = [make("agent-group", `${place.city} supervisors`)];
  const supervisors = supervisorIds.slice(0, Math.floor(agents / AGENTS_A_SUPERVISOR)).map((id, index) => ({
    id,
    arn: `${root}/agent/${id}`,
    ...nameAgent(place.firstName + SUPERVISOR_NAMES + index),
    hierarchy: group,
    routingProfile,
    proficiencies: [],
    hasCollector: false,
    clockAheadMs: 0,
    mediaPath: "V2" as const,
    behavior: supervisorBehavior(index),
  }));
  return { supervisorIds, supervisors };
}

/** Everybody speaks the language of the place; some know a product beside it. */
function proficienciesOf(language: string, index: number): readonly Proficiency[] {
  const spoken = { name: "Language", value: language, level: 5 - (index % 2) };
  const product = PRODUCTS[index % 5];
  return product === undefined ? [spoken] : [spoken, { name: "Product", value: product, level: 2 + (index % 3) }];
}

const PRODUCTS = ["Broadband", "Mobile", "Television"];

/** The list of names first; beyond it, first names meet other last names and login names are numbered. */
function nameAgent(index: number): { firstName: string; lastName: string; username: string } {
  const count = AGENT_NAMES.length;
  const round = Math.floor(index / count);
  const [firstName, , username] = AGENT_NAMES[index % count] ?? ["", "", ""];
  const lastName = AGENT_NAMES[(index + round * 5) % count]?.[1] ?? "";
  return { firstName, lastName, username: round === 0 ? username : `${username.split(".")[0]}${index + 1}` };
}
