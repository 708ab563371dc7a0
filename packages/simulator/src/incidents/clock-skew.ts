import type { AgentSession } from "../agent-session.ts";
import type { Browser } from "../browser.ts";
import { touch, type Contact } from "../contact.ts";
import { agentsAtWork, during, Story, type Incident } from "./incident.ts";

const AGENTS = 2;
const AHEAD_MS = 194_000;

export const CLOCK_SKEW: Incident = {
  name: "clock-skew",
  summary: "The clocks of two agents' computers jump three minutes ahead: their CCP entries stand at the wrong time.",
  wires: ["ccp_log"],
  plan: (stage, span) => {
    const changed: { readonly browser: Browser; readonly clockAheadMs: number }[] = [];
    const story = new Story(stage, {
      name: "clock-skew",
      span,
      whatHappened: `Time synchronization on some computers failed and their clocks ran ${AHEAD_MS / 1000} s ahead. Everything else was in order: only the entries' own times are wrong.`,
      lookAt: [
        "ccp_log: 'skew' of -194,000 ms in GET_AGENT_SNAPSHOT, skewTimeMillis in the TelemetryCallReport",
        "ccp_log: entries about a contact stand three minutes after its agent events",
      ],
    });
    // offers nothing of its own: it only notes which contacts these agents get
    const note = (agent: AgentSession, contact: Contact) => {
      if (changed.some(({ browser }) => browser === agent.browser)) touch(stage, contact, "clock-skew");
      return undefined;
    };
    during(
      stage,
      span,
      () => {
        stage.conditions.offerTroubles.add(note);
        for (const agent of agentsAtWork(stage, AGENTS)) {
          const { browser } = agent;
          if (browser === undefined) continue;
          changed.push({ browser, clockAheadMs: browser.clockAheadMs });
          browser.clockAheadMs += AHEAD_MS;
          story.touchAgent(agent);
        }
      },
      () => {
        stage.conditions.offerTroubles.delete(note);
        for (const { browser, clockAheadMs } of changed) browser.clockAheadMs = clockAheadMs;
      },
    );
  },
};
