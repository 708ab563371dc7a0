import { readdirSync, readFileSync } from "node:fs";
import { unixMillis, type JsonValue, type UnixMillis } from "@fourwire/core";
import { createDefaultHost } from "../src/flow-engine/default-host.ts";
import { createFlowContact, type FlowContact, type FlowContactOptions } from "../src/flow-engine/flow-contact.ts";
import type { FlowEffect, FlowOutcome } from "../src/flow-engine/flow-effect.ts";
import type { FlowHost } from "../src/flow-engine/flow-host.ts";
import type { FlowLogForm } from "../src/flow-engine/flow-log-entry.ts";
import type { FlowKind, FlowResource } from "../src/flow-engine/flow-resource.ts";
import { parseFlow } from "../src/flow-engine/parse-flow.ts";
import { runFlow } from "../src/flow-engine/run-flow.ts";
import { createRandom } from "../src/prng.ts";

// Flows run to their end without the simulation: time passes when a flow waits.

export const START_TIME = unixMillis(Date.UTC(2026, 10, 25, 9));
export const INSTANCE_ARN = "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555";
const FLOWS = new URL("./fixtures/flows/", import.meta.url);

export function readFixture(name: string): JsonValue {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8"));
}

/** Paths of the sample flows below `fixtures/flows`. */
export function sampleNames(): string[] {
  return readdirSync(FLOWS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort();
}

export function flowOf(value: JsonValue, options: { name?: string; id?: string; kind?: FlowKind } = {}): FlowResource {
  const parsed = parseFlow(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const kind = options.kind ?? "inbound";
  const type = kind === "module" ? "flow-module" : "contact-flow";
  const id = options.id ?? "aaaaaaaa-0000-4000-8000-000000000001";
  return { arn: `${INSTANCE_ARN}/${type}/${id}`, name: options.name ?? "Example", kind, definition: parsed.flow };
}

/** A definition of a few actions; the first is the start. */
export function definition(...actions: readonly JsonValue[]): JsonValue {
  const [first] = actions;
  const start = typeof first === "object" && first !== null && !Array.isArray(first) ? first["Identifier"] : undefined;
  return { Version: "2019-10-30", StartAction: start ?? null, Metadata: {}, Actions: [...actions] };
}

export function contactOf(options: Partial<FlowContactOptions> = {}): FlowContact {
  return createFlowContact({
    id: "c0000000-0000-4000-8000-000000000001",
    instanceArn: INSTANCE_ARN,
    customerAddress: "+447700900123",
    systemAddress: "+442079460100",
    ...options,
  });
}

export interface RunToEndOptions {
  readonly seed?: number;
  readonly contact?: FlowContact;
  readonly flows?: readonly FlowResource[];
  readonly host?: Partial<FlowHost>;
  readonly logForm?: FlowLogForm;
  readonly isInstanceLogging?: boolean;
  readonly external?: JsonValue;
}

export interface FinishedRun {
  readonly effects: readonly FlowEffect[];
  /** The entries, as text. */
  readonly bodies: readonly string[];
  readonly outcome: FlowOutcome | "holding";
  readonly tookMs: number;
  readonly contact: FlowContact;
}

/** Runs a flow until it ends or holds. */
export function runToEnd(flow: FlowResource, options: RunToEndOptions = {}): FinishedRun {
  const random = createRandom(options.seed ?? 1);
  const contact = options.contact ?? contactOf();
  const flows = [flow, ...(options.flows ?? [])];
  const host = { ...createDefaultHost({ random, instanceArn: INSTANCE_ARN, flows }), ...options.host };
  const clock: { now: UnixMillis } = { now: START_TIME };
  const steps = runFlow({
    flow,
    contact,
    host,
    random,
    clock,
    ...(options.logForm === undefined ? {} : { logForm: options.logForm }),
    ...(options.external === undefined ? {} : { external: options.external }),
    ...(options.isInstanceLogging === undefined ? {} : { isInstanceLogging: options.isInstanceLogging }),
  });
  const effects: FlowEffect[] = [];
  const finish = (outcome: FinishedRun["outcome"]): FinishedRun => ({
    effects,
    bodies: effects.flatMap((effect) => (effect.kind === "log" ? effect.body : [])),
    outcome,
    tookMs: clock.now - START_TIME,
    contact,
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return finish(step.value);
    effects.push(step.value);
    if (step.value.kind === "hold") return finish("holding");
    if (step.value.kind === "wait") clock.now = unixMillis(clock.now + step.value.durationMs);
  }
}
