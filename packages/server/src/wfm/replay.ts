import type { AgentEventBody, Store } from "@fourwire/store";

/** Events read at once; no more wait in memory for the reader. */
const PAGE_EVENTS = 1000;

/** The agent events of a span as they were received, in order of time, one a line; a page is read when it is asked for. */
export async function* replayLines(
  store: Store,
  span: { readonly from: number; readonly to: number },
): AsyncGenerator<string, void> {
  let after: AgentEventBody | undefined;
  for (;;) {
    const events = await store.wfm.agentEventBodies({ ...span, limit: PAGE_EVENTS, after });
    if (events.length > 0) yield events.map((event) => `${oneLine(event.original_body)}\n`).join("");
    if (events.length < PAGE_EVENTS) return;
    after = events.at(-1);
  }
}

/** A line break in JSON text stands between its parts, never within a string, where it is written \n. */
function oneLine(body: string): string {
  return /[\r\n]/.test(body) ? body.replaceAll(/[\r\n]+/g, " ").trim() : body;
}
