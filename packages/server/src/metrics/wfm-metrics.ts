import { Counter, Gauge, type Registry } from "prom-client";
import type { WfmStatusResponse } from "@fourwire/core";

/** Figures of the adherence feed and its webhooks; labels are webhooks' names, which the configuration bounds. */
export function describeWfm(registry: Registry, wfm: WfmStatusResponse): void {
  const registers = [registry];
  new Gauge({
    name: "fourwire_wfm_feed_readers",
    help: "Readers of the adherence feed.",
    registers,
  }).set(wfm.feed.readers);
  new Counter({
    name: "fourwire_wfm_feed_slow_readers_closed_total",
    help: "Readers of the adherence feed cut off because they did not keep up.",
    registers,
  }).inc(wfm.feed.slow_readers_closed);
  const events = new Counter({
    name: "fourwire_wfm_webhook_events_total",
    help: "Events of a webhook, by what became of them.",
    labelNames: ["webhook", "outcome"],
    registers,
  });
  const failures = new Counter({
    name: "fourwire_wfm_webhook_failed_attempts_total",
    help: "Deliveries of a webhook that failed and are repeated.",
    labelNames: ["webhook"],
    registers,
  });
  const waiting = new Gauge({
    name: "fourwire_wfm_webhook_waiting_events",
    help: "Changes a webhook was not delivered yet.",
    labelNames: ["webhook"],
    registers,
  });
  for (const webhook of wfm.webhooks) {
    events.inc({ webhook: webhook.name, outcome: "delivered" }, webhook.delivered_events);
    events.inc({ webhook: webhook.name, outcome: "refused" }, webhook.refused_events);
    events.inc({ webhook: webhook.name, outcome: "overrun" }, webhook.overrun_events);
    failures.inc({ webhook: webhook.name }, webhook.failed_attempts);
    waiting.set({ webhook: webhook.name }, webhook.waiting_events);
  }
}
