import { isObject, type JsonObject, type JsonValue, type UnixMillis } from "@fourwire/core";
import type { Random } from "../prng.ts";
import type { FlowContact } from "./flow-contact.ts";
import type { FlowHost } from "./flow-host.ts";
import type { FlowLogForm } from "./flow-log-entry.ts";
import type { FlowResource } from "./flow-resource.ts";
import { expandText } from "./reference.ts";

/** Any source of the simulated instant; the simulation's event queue is one. */
export interface FlowClock {
  readonly now: UnixMillis;
}

export interface FlowRunOptions {
  readonly flow: FlowResource;
  readonly contact: FlowContact;
  readonly host: FlowHost;
  readonly random: Random;
  readonly clock: FlowClock;
  /** Default: 2025, ISO timestamps. */
  readonly logForm?: FlowLogForm;
  /** The instance's own switch, "Enable flow logs"; off, no block can switch logging on. Default: true. */
  readonly isInstanceLogging?: boolean;
  /** `$.External` from a flow before this one; default: empty. */
  readonly external?: JsonValue;
}

/** Modules may call modules, five deep. */
const MODULE_DEPTH_LIMIT = 5;
/** Blocks that a run may go through without time passing: a circle without a waiting block is caught by it. */
const IDLE_STEP_LIMIT = 500;
/** Blocks of one run altogether, the last guard. A customer who stays for hours in a queue flow needs some thousand. */
const STEP_LIMIT = 20_000;
const DEFAULT_LOG_FORM: FlowLogForm = { vintage: "2025", timestamps: "iso" };

/**
 * A flow, or a module called from it, with what is known only inside: a module neither sees nor changes what Lambda, bot,
 * look-ups, metrics and input have left in the flow that calls it.
 * https://docs.aws.amazon.com/connect/latest/adminguide/contact-flow-modules.html (read 2026-11-25)
 */
export interface Frame {
  readonly flow: FlowResource;
  /** `Identifier` of the action that runs next. */
  position: string;
  readonly flowAttributes: Map<string, string>;
  /** How often each Loop action has answered "not done". */
  readonly loops: Map<string, number>;
  /** `$.External`: what the last Lambda function returned. */
  external: JsonValue;
  lex: JsonObject;
  metrics: JsonObject;
  /** Results of look-ups by namespace: Customer, Case, Views, ... */
  readonly found: Map<string, JsonObject>;
  /** `$.Modules.Input` of a module; empty in a flow. */
  readonly input: JsonObject;
  /** What the last module left: the branch it chose, and its output. */
  returned: { readonly result: string | undefined; readonly output: JsonObject };
  /** `$.StoredCustomerInput` of this frame while a module runs in its place. */
  heldInput: string | undefined;
}

/** What one run knows and changes. */
export class RunState {
  readonly contact: FlowContact;
  readonly host: FlowHost;
  readonly random: Random;
  readonly clock: FlowClock;
  readonly logForm: FlowLogForm;
  readonly isInstanceLogging: boolean;
  /** References of the running block that name nothing. */
  readonly missing = new Set<string>();
  /** Time in Lambda functions since the customer last heard something. */
  lambdaMs = 0;
  /** The flow that runs, and below it modules, the innermost last. */
  readonly #frames: Frame[];
  #steps = 0;
  #idleSteps = 0;

  constructor(options: FlowRunOptions) {
    this.contact = options.contact;
    this.host = options.host;
    this.random = options.random;
    this.clock = options.clock;
    this.logForm = options.logForm ?? DEFAULT_LOG_FORM;
    this.isInstanceLogging = options.isInstanceLogging ?? true;
    this.#frames = [makeFrame(options.flow, { external: options.external ?? {} })];
  }

  get frame(): Frame {
    const frame = this.#frames.at(-1);
    if (frame === undefined) throw new Error("a run without a flow");
    return frame;
  }

  /** ARNs as `ModuleExecutionStack` lists them; empty outside of modules. */
  get moduleStack(): readonly string[] {
    return this.#frames.length < 2 ? [] : this.#frames.map(({ flow }) => flow.arn).reverse();
  }

  /** False when the run has gone too far; the caller then ends it. */
  countStep(): boolean {
    this.#steps += 1;
    this.#idleSteps += 1;
    return this.#steps <= STEP_LIMIT && this.#idleSteps <= IDLE_STEP_LIMIT;
  }

  /** Time passed in which somebody waited: no idle circle. */
  noteWaiting(): void {
    this.#idleSteps = 0;
  }

  /** The whole run goes over to another flow, also from inside a module; what the flow before has found goes with it. */
  enterFlow(flow: FlowResource): void {
    const { external, lex, metrics, found } = this.frame;
    this.#frames.length = 0;
    this.#frames.push(makeFrame(flow, { external, lex, metrics, found }));
  }

  /** False when modules are nested too deep. */
  callModule(module: FlowResource, input: JsonObject): boolean {
    if (this.#frames.length > MODULE_DEPTH_LIMIT) return false;
    this.frame.heldInput = this.contact.storedInput;
    this.contact.storedInput = undefined;
    this.#frames.push(makeFrame(module, { input }));
    return true;
  }

  /** The frame of the caller, which then knows what the module returned; undefined when the module was run by itself. */
  returnFromModule(returned: Frame["returned"]): Frame | undefined {
    if (this.#frames.length < 2) return undefined;
    this.#frames.pop();
    const caller = this.frame;
    caller.returned = returned;
    this.contact.storedInput = caller.heldInput;
    return caller;
  }

  expand(text: string): string {
    return expandText(
      text,
      (name) => this.#root(name),
      (reference) => this.missing.add(reference),
    );
  }

  #root(name: string): JsonValue | undefined {
    const { contact } = this;
    switch (name) {
      case "Attributes":
        return Object.fromEntries(contact.attributes);
      case "FlowAttributes":
        return Object.fromEntries(this.frame.flowAttributes);
      case "External":
        return this.frame.external;
      case "Lex":
        return this.frame.lex;
      case "Metrics":
        return this.frame.metrics;
      case "Modules":
        return modulesRoot(this.frame);
      case "StoredCustomerInput":
        return contact.storedInput;
      case "Queue":
        return queueRoot(contact);
      case "Agent":
        return contact.agent;
      default:
        return this.frame.found.get(name) ?? contactRoot(contact, name);
    }
  }
}

function makeFrame(flow: FlowResource, known: Partial<Frame> = {}): Frame {
  return {
    external: {},
    lex: {},
    metrics: {},
    found: new Map(),
    input: {},
    ...known,
    flow,
    position: flow.definition.start,
    flowAttributes: new Map(),
    loops: new Map(),
    returned: { result: undefined, output: {} },
    heldInput: undefined,
  };
}

/** https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html, flow modules (read 2026-11-25) */
function modulesRoot({ input, returned }: Frame): JsonObject {
  return { Input: input, Result: returned.result, ResultData: returned.output };
}

function queueRoot({ queue }: FlowContact): JsonObject | undefined {
  return queue === undefined ? undefined : { Name: queue.name, ARN: queue.arn, Id: queue.id };
}

const ENDPOINT_TYPES: Readonly<Partial<Record<FlowContact["channel"], string>>> = {
  VOICE: "TELEPHONE_NUMBER",
  EMAIL: "EMAIL_ADDRESS",
};

/** System attributes. https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html (read 2026-11-25) */
function contactRoot(contact: FlowContact, name: string): JsonValue | undefined {
  const type = ENDPOINT_TYPES[contact.channel] ?? contact.channel;
  const roots: JsonObject = {
    ContactId: contact.id,
    InitialContactId: contact.initialId ?? contact.id,
    PreviousContactId: contact.previousId,
    Channel: contact.channel,
    InitiationMethod: contact.initiationMethod,
    InstanceARN: contact.instanceArn,
    AwsRegion: contact.region,
    LanguageCode: contact.languageCode,
    TextToSpeechVoiceId: contact.voice,
    CustomerId: contact.customerId,
    CustomerCallbackNumber: { Address: contact.callbackNumber, Type: "TELEPHONE_NUMBER" },
    CustomerEndpoint: { Address: contact.customerAddress, Type: type },
    SystemEndpoint: { Address: contact.systemAddress, Type: type },
    SegmentAttributes: contact.segmentAttributes,
  };
  return Object.hasOwn(roots, name) ? roots[name] : undefined;
}

/** A JSON object, or nothing: what hosts return may be any JSON. */
export function objectOrEmpty(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
