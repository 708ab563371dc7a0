import type { AgentSession } from "../agent-session.ts";
import { agentsAtWork, during, Story, type Incident } from "./incident.ts";

const FAILS_AFTER_MS = 900;
const AGENTS = 3;

export const MIC_DENIED: Incident = {
  name: "mic-denied",
  summary: "A browser update takes the microphone permission away from three agents: every call to them fails at once.",
  wires: ["ccp_log", "agent_event", "contact_record"],
  plan: (stage, span) => {
    let agents: readonly AgentSession[] = [];
    const story = new Story(stage, {
      name: "mic-denied",
      span,
      whatHappened:
        "The browsers of some agents refused the microphone. The softphone could not set up media, so each call offered to them ended in ERROR within a second.",
      lookAt: [
        "ccp_log: 'Microphone Permission: denied', 'Local media initialization failed', 'microphone_not_shared'",
        "agent_event: CONNECTING to ERROR within a second, always the same agents",
      ],
    });
    const rule = (agent: AgentSession, contact: { readonly channel: string }) => {
      if (contact.channel !== "VOICE" || !agents.includes(agent)) return undefined;
      story.touchAgent(agent);
      return { outcome: "error", cause: "mic_denied", afterMs: FAILS_AFTER_MS, incident: "mic-denied" } as const;
    };
    during(
      stage,
      span,
      () => {
        agents = agentsAtWork(stage, AGENTS);
        stage.conditions.offerTroubles.add(rule);
      },
      () => stage.conditions.offerTroubles.delete(rule),
    );
  },
};
