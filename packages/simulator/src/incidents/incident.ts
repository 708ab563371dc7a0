import { formatInstant, unixMillis, type SourceName, type UnixMillis } from "@fourwire/core";
import type { AgentSession } from "../agent-session.ts";
import type { Stage } from "../stage.ts";
import { callApi, principalOf, type ApiCall } from "../wires/cloudtrail.ts";

/** When an incident happens. */
export interface IncidentSpan {
  readonly startTime: UnixMillis;
  readonly endTime: UnixMillis;
}

/** Something that goes wrong, by name. It changes the conditions of an instance and puts them right again. */
export interface Incident {
  readonly name: string;
  /** One sentence for the list. */
  readonly summary: string;
  /** The wires it shows on. */
  readonly wires: readonly SourceName[];
  /** Nobody puts it right, so that it comes last of several. */
  readonly isLasting?: boolean;
  /** Plans it. Called before anything has happened. */
  readonly plan: (stage: Stage, span: IncidentSpan) => void;
}

/** A contact that met the trouble just before its end feels it within this time. */
const GRACE_MS = 120_000;

/** What will be told of an incident. */
export interface StoryOptions {
  readonly name: string;
  readonly span: IncidentSpan;
  readonly whatHappened: string;
  readonly lookAt: readonly string[];
  /** True where nobody puts it right. */
  readonly isLasting?: boolean;
}

/** An incident on its way: whom it touched, and the calls it is about. */
export class Story {
  readonly #stage: Stage;
  readonly #options: StoryOptions;
  readonly #agentIds = new Set<string>();
  readonly #contactIds = new Set<string>();

  constructor(stage: Stage, options: StoryOptions) {
    this.#stage = stage;
    this.#options = options;
    // what was on its way at the end is touched a little later
    const toldTime = Math.min(options.span.endTime + GRACE_MS, stage.endTime ?? Number.POSITIVE_INFINITY);
    stage.clock.at(unixMillis(toldTime), () => this.#tell());
  }

  touchAgent(agent: AgentSession): void {
    this.#agentIds.add(agent.profile.id);
  }

  touchContact(contactId: string): void {
    this.#contactIds.add(contactId);
  }

  /** Makes a call that the incident is about. */
  call(call: ApiCall): void {
    const stage = this.#stage;
    stage.tell({
      kind: "api_call",
      instance_id: stage.world.instance.id,
      event_id: callApi(stage, call),
      event_name: call.name,
      event_time: formatInstant(stage.clock.now),
      principal: principalOf(call.caller),
      incident: this.#options.name,
    });
  }

  #tell(): void {
    const { name, span, whatHappened, lookAt, isLasting } = this.#options;
    for (const contactId of this.#stage.touched.get(name) ?? []) this.#contactIds.add(contactId);
    this.#stage.tell({
      kind: "incident",
      name,
      instance_id: this.#stage.world.instance.id,
      start_time: formatInstant(span.startTime),
      end_time: isLasting === true ? null : formatInstant(span.endTime),
      affected_agent_ids: [...this.#agentIds],
      affected_contact_ids: [...this.#contactIds],
      what_happened: whatHappened,
      look_at: lookAt,
    });
  }
}

/** Runs `begin` at the start of the span and `finish` at its end. */
export function during(stage: Stage, span: IncidentSpan, begin: () => void, finish: () => void): void {
  stage.clock.at(span.startTime, begin);
  stage.clock.at(unixMillis(span.endTime - 1), finish);
}

/** Agents who are at work at the moment, at most so many, those with a collector and at their desk first. */
export function agentsAtWork(stage: Stage, most: number): readonly AgentSession[] {
  const atWork = stage.agents.filter(({ isLoggedIn, isLeaving, isAbsent }) => isLoggedIn && !isLeaving && !isAbsent);
  return atWork.toSorted((left, right) => rankOf(left) - rankOf(right)).slice(0, most);
}

/** Looks for agents again this often. */
const LOOKS_EVERY_MS = 5_000;

export interface Gathering {
  readonly most: number;
  readonly until: number;
  readonly fits: (agent: AgentSession) => boolean;
}

/** Acts on agents at work as they come to fit, until there are enough of them or it is too late. */
export function gather(stage: Stage, { most, until, fits }: Gathering, act: (agent: AgentSession) => void): void {
  const found = agentsAtWork(stage, stage.agents.length).filter(fits).slice(0, most);
  for (const agent of found) act(agent);
  const left = most - found.length;
  if (left === 0 || stage.clock.now + LOOKS_EVERY_MS > until) return;
  stage.clock.after(LOOKS_EVERY_MS, () => gather(stage, { most: left, until, fits }, act));
}

/** The middle of a span: whoever is touched later has little of it. */
export function middleOf({ startTime, endTime }: IncidentSpan): number {
  return (startTime + endTime) / 2;
}

/** Whoever has no collector, or is at lunch, would show little of an incident. */
function rankOf({ browser, status }: AgentSession): number {
  return (browser === undefined ? 2 : 0) + (status.type === "ROUTABLE" ? 0 : 1);
}

/** The agents of one team, by number: people who sit in one office behind one network. */
export function teamOf(stage: Stage, team: number): readonly AgentSession[] {
  const name = stage.world.place.teams[team];
  return stage.agents.filter(({ profile }) => profile.hierarchy.at(-1)?.name === name);
}
