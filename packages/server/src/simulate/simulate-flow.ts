import { unixMillis } from "@fourwire/core";
import {
  createDefaultHost,
  createRandom,
  EXAMPLE_INSTANCE_ARN,
  FlowCensus,
  followCustomer,
  type FlowChannel,
  type FlowLogForm,
} from "@fourwire/simulator";
import { readFlowFile, type FlowFile } from "./read-flow-file.ts";

export interface FlowSimulationSettings {
  /** The flow that customers enter. */
  readonly path: string;
  /** Flows and modules that it leads to. */
  readonly others: readonly string[];
  readonly count: number;
  readonly seed: number;
  readonly channel: FlowChannel;
  readonly logForm: FlowLogForm;
  readonly startTime: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly external: Readonly<Record<string, string>>;
  readonly queue: string | undefined;
}

export interface FlowSimulation {
  readonly files: readonly FlowFile[];
  readonly census: FlowCensus;
}

/** A customer about every 20 s. */
const MEAN_BETWEEN_MS = 20_000;

/** Sends customers through a flow, one after another; `write` gets each one's log entries. Same settings, same bytes. */
export async function simulateFlow(
  settings: FlowSimulationSettings,
  write: (bodies: readonly string[]) => Promise<void>,
): Promise<FlowSimulation> {
  const random = createRandom(settings.seed);
  const files: FlowFile[] = [];
  for (const path of [settings.path, ...settings.others]) {
    files.push(await readFlowFile(path, EXAMPLE_INSTANCE_ARN, random));
  }
  const flows = files.map(({ flow }) => flow);
  const [flow] = flows;
  if (flow === undefined) throw new Error("no flow was read");
  const instanceArn = /^arn:.*:instance\/[^/]+/.exec(flow.arn)?.[0] ?? EXAMPLE_INSTANCE_ARN;
  const host = createDefaultHost({ random, instanceArn, flows });
  const census = new FlowCensus();
  let startTime = settings.startTime;
  for (let customer = 0; customer < settings.count; customer += 1) {
    startTime += random.exponential(MEAN_BETWEEN_MS);
    const events = followCustomer({
      flow,
      host,
      random,
      instanceArn,
      startTime: unixMillis(startTime),
      channel: settings.channel,
      logForm: settings.logForm,
      attributes: settings.attributes,
      external: settings.external,
      queue: settings.queue,
    });
    census.add(events);
    await write(
      events.flatMap((event) => (event.kind === "effect" && event.effect.kind === "log" ? event.effect.body : [])),
    );
  }
  return { files, census };
}
