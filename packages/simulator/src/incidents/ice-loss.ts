import { during, Story, teamOf, type Incident } from "./incident.ts";

const DEAD_SHARE = 0.6;
const AT_MS = { least: 7_000, most: 24_000 } as const;

export const ICE_LOSS: Incident = {
  name: "ice-loss",
  summary: "One office loses its path to the media relays in the middle of calls: dead air, then customers hang up.",
  wires: ["ccp_log", "agent_event", "contact_event", "contact_record"],
  plan: (stage, span) => {
    const team = teamOf(stage, 0);
    const story = new Story(stage, {
      name: "ice-loss",
      span,
      whatHappened: `The network of ${stage.world.place.teams[0]} dropped UDP to the media relays. Calls of that team lost their ICE connection after some seconds of talk; most never got it back and the customer hung up.`,
      lookAt: [
        "ccp_log: 'Lost ICE connection' and, on the newer path, 'ICE restart event: success=false'",
        "ccp_log: softphone samples stop, or count 0 packets, on audio_input only",
        "contact_record: QualityMetrics.Agent.Audio.PotentialQualityIssues has HighPacketLoss",
        "agent_event: short CONNECTED states of one hierarchy group",
      ],
    });
    const rule = (agent: (typeof team)[number]) => {
      if (!team.includes(agent)) return undefined;
      const kind = stage.random.chance(DEAD_SHARE) ? ("ice_dead" as const) : ("ice_restart" as const);
      const atMs = stage.random.integer(AT_MS.least, AT_MS.most);
      return { kind, atMs, happened: () => story.touchAgent(agent), incident: "ice-loss" };
    };
    during(
      stage,
      span,
      () => stage.conditions.callTroubles.add(rule),
      () => stage.conditions.callTroubles.delete(rule),
    );
  },
};
