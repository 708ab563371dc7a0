import type { AgentSession } from "../agent-session.ts";
import { webSocketDropLines } from "../browser-lines.ts";
import { browserTime, logLater } from "../browser.ts";
import { during, gather, middleOf, Story, type Incident } from "./incident.ts";

const RING_LIMIT_MS = 20_000;
const AGENTS = 3;
const WAKES_AFTER_MS = 1_500;

export const TAB_SLEEP_MISSED_CALLS: Incident = {
  name: "tab-sleep-missed-calls",
  summary:
    "The browsers of three agents put the CCP's tab to sleep: Available on the board, and every contact is missed.",
  wires: ["agent_event", "ccp_log", "contact_record"],
  plan: (stage, span) => {
    const agents: AgentSession[] = [];
    const fits = (agent: AgentSession) => agent.contacts.length === 0 && !agents.includes(agent);
    const story = new Story(stage, {
      name: "tab-sleep-missed-calls",
      span,
      whatHappened:
        "The browser froze the background tab of some agents. The page showed no contact and wrote nothing; Connect offered contacts for 20 s each and counted them as missed.",
      lookAt: [
        "agent_event: CONNECTING to MISSED after 20 s, the status stays Available",
        "ccp_log: a gap of the whole time in those agents' logs, then a web socket that was lost",
      ],
    });
    const rule = (agent: AgentSession) => {
      if (!agents.includes(agent)) return undefined;
      return {
        outcome: "missed",
        cause: "browser_silent",
        afterMs: RING_LIMIT_MS,
        incident: "tab-sleep-missed-calls",
      } as const;
    };
    during(
      stage,
      span,
      () => {
        // a tab with a contact in it is not put to sleep
        gather(stage, { most: AGENTS, until: middleOf(span), fits }, (agent) => {
          agents.push(agent);
          story.touchAgent(agent);
          if (agent.browser !== undefined) agent.browser.isAsleep = true;
        });
        stage.conditions.offerTroubles.add(rule);
      },
      () => {
        stage.conditions.offerTroubles.delete(rule);
        for (const { browser } of agents) {
          if (browser === undefined) continue;
          browser.isAsleep = false;
          stage.clock.after(WAKES_AFTER_MS, () =>
            logLater(stage, browser, webSocketDropLines(browserTime(stage, browser))),
          );
        }
      },
    );
  },
};
