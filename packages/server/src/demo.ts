import { SOURCE_NAMES, unixMillis, type SourceName } from "@fourwire/core";
import { createSimulation, toCloudWatchPayload, type Emission } from "@fourwire/simulator";
import type { ServerContext } from "./http/context.ts";
import { ingest } from "./ingest.ts";

export interface DemoOptions {
  readonly context: ServerContext;
  readonly agents: number;
  readonly seed: number;
}

/**
 * The contact centre opened this long before the command started, so that there is a past to look at: one broken flow
 * and its repair are over, a showcase contact begins 6 s after the command, and the next broken publish 4 minutes after.
 */
const HISTORY_MS = 20 * 60_000;

const BEAT_MS = 500;

/** Emissions in one message while the past is caught up with. */
const CATCH_UP_EMISSIONS = 4000;

/**
 * Runs the simulated contact centre into the real pipeline: its past at once, then in step with the clock. Each source
 * is delivered the way Amazon delivers it. Resolves when the past is stored; the result stops the rest.
 */
export async function startDemo(options: DemoOptions): Promise<() => Promise<void>> {
  const simulation = createSimulation({
    seed: options.seed,
    agents: options.agents,
    startTime: unixMillis(Date.now() - HISTORY_MS),
  });
  const emissions = simulation.emissions();
  let pending: Emission | undefined;
  const takeUntil = (time: number, limit: number): Emission[] => {
    const taken: Emission[] = [];
    while (taken.length < limit) {
      pending ??= emissions.next().value as Emission | undefined;
      if (pending === undefined || pending.time > time) break;
      taken.push(pending);
      pending = undefined;
    }
    return taken;
  };
  for (
    let taken = takeUntil(Date.now(), CATCH_UP_EMISSIONS);
    taken.length > 0;
    taken = takeUntil(Date.now(), CATCH_UP_EMISSIONS)
  ) {
    await deliver(options.context, taken);
  }
  let running: Promise<void> = Promise.resolve();
  const beat = setInterval(() => {
    running = running
      .then(() => deliver(options.context, takeUntil(Date.now(), CATCH_UP_EMISSIONS)))
      .catch((error: unknown) => {
        process.stderr.write(
          `fourwire: the demo could not store records: ${error instanceof Error ? error.message : String(error)}\n`,
        );
      });
  }, BEAT_MS);
  return async () => {
    clearInterval(beat);
    await running;
  };
}

async function deliver(context: ServerContext, emissions: readonly Emission[]): Promise<void> {
  await Promise.all(
    SOURCE_NAMES.map(async (source) => {
      const own = emissions.filter((emission) => emission.source === source);
      if (own.length === 0) return;
      await ingest({
        store: context.store,
        tail: context.tail,
        source: undefined,
        origin: "demo",
        bytes: Buffer.from(toDelivery(source, own)),
      });
    }),
  );
}

/** Flow logs come as CloudWatch subscription payloads, CloudTrail as a delivery file, the others as a stream of JSON. */
function toDelivery(source: SourceName, emissions: readonly Emission[]): string {
  if (source === "flow_log") return toCloudWatchPayload(emissions);
  const bodies = emissions.map((emission) => emission.body);
  return source === "cloudtrail" ? `{"Records":[${bodies.join(",")}]}` : bodies.join("\n");
}
