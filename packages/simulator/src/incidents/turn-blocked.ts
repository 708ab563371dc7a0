import { during, Story, teamOf, type Incident } from "./incident.ts";

/** The library gives up collecting candidates after 8 s. */
const FAILS_AFTER_MS = 8_650;

export const TURN_BLOCKED: Incident = {
  name: "turn-blocked",
  summary: "A firewall change blocks UDP 3478 for one office: calls ring and can never be connected.",
  wires: ["ccp_log", "agent_event", "contact_record"],
  plan: (stage, span) => {
    const team = teamOf(stage, 1);
    const story = new Story(stage, {
      name: "turn-blocked",
      span,
      whatHappened: `A firewall rule at ${stage.world.place.teams[1]} closed UDP 3478. The softphone found no ICE candidate within 8 s, so every call offered to that team failed and went to somebody else.`,
      lookAt: [
        "ccp_log: 'No ICE candidate' and 'Softphone error occurred :  ice_collection_timeout'",
        "agent_event: contacts of one hierarchy group go from CONNECTING to ERROR",
        "contact_record: AgentConnectionAttempts above 1",
      ],
    });
    const rule = (agent: (typeof team)[number], contact: { readonly channel: string; readonly id: string }) => {
      if (contact.channel !== "VOICE" || !team.includes(agent)) return undefined;
      story.touchAgent(agent);
      return { outcome: "error", cause: "turn_blocked", afterMs: FAILS_AFTER_MS, incident: "turn-blocked" } as const;
    };
    during(
      stage,
      span,
      () => stage.conditions.offerTroubles.add(rule),
      () => stage.conditions.offerTroubles.delete(rule),
    );
  },
};
