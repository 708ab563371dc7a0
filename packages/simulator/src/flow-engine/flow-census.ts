import type { CustomerEvent } from "./flow-customer.ts";
import type { FlowEffect, FlowOutcome } from "./flow-effect.ts";

/** How often a block was entered and which ways were taken out of it. */
export interface BlockCount {
  readonly flow: string;
  readonly action: string;
  readonly type: string;
  visits: number;
  errors: number;
  /** By branch and target: `Equals 1 -> queue`. */
  readonly branches: Map<string, number>;
}

export interface WarningCount {
  readonly code: string;
  readonly action: string;
  readonly message: string;
  count: number;
}

/** What many customers' ways through a flow add up to. Its size is bounded by the flows, not by the customers. */
export class FlowCensus {
  customers = 0;
  logEntries = 0;
  readonly blocks = new Map<string, BlockCount>();
  /** By flow name and outcome: `Main inbound: queued`. */
  readonly outcomes = new Map<string, number>();
  readonly warnings = new Map<string, WarningCount>();

  add(events: readonly CustomerEvent[]): void {
    this.customers += 1;
    for (const event of events) {
      if (event.kind === "outcome") increment(this.outcomes, `${event.flow.name}: ${outcomeText(event.outcome)}`);
      else this.#addEffect(event.effect);
    }
  }

  #addEffect(effect: FlowEffect): void {
    if (effect.kind === "log") this.logEntries += 1;
    else if (effect.kind === "enter_block") {
      this.#block(effect.flow.name, effect.action, effect.type).visits += 1;
    } else if (effect.kind === "leave_block") {
      const block = this.#block(effect.flow.name, effect.action, "");
      increment(block.branches, effect.to === undefined ? effect.branch : `${effect.branch} -> ${effect.to}`);
      if (effect.isError) block.errors += 1;
    } else if (effect.kind === "warning") this.#addWarning(effect);
  }

  #addWarning({ code, action, message }: FlowEffect & { kind: "warning" }): void {
    const key = JSON.stringify([code, action, message]);
    const known = this.warnings.get(key);
    if (known === undefined) this.warnings.set(key, { code, action, message, count: 1 });
    else known.count += 1;
  }

  #block(flow: string, action: string, type: string): BlockCount {
    const key = JSON.stringify([flow, action]);
    const known = this.blocks.get(key);
    if (known !== undefined) return known;
    const block = { flow, action, type, visits: 0, errors: 0, branches: new Map<string, number>() };
    this.blocks.set(key, block);
    return block;
  }
}

function outcomeText(outcome: FlowOutcome): string {
  switch (outcome.kind) {
    case "failed":
      return `failed (${outcome.reason})`;
    case "transferred_to_flow":
      return `transferred to flow ${outcome.reference}`;
    case "ended":
    case "disconnected":
    case "queued":
    case "transferred_to_agent":
    case "transferred_to_number":
    case "returned":
    case "dropped":
      return outcome.kind.replaceAll("_", " ");
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
