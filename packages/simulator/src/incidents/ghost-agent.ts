import { removeVanished, vanish, type AgentSession } from "../agent-session.ts";
import { during, gather, middleOf, Story, type Incident } from "./incident.ts";

const AGENTS = 2;

function isIdle({ contacts, status }: AgentSession): boolean {
  return contacts.length === 0 && status.type === "ROUTABLE";
}

export const GHOST_AGENT: Incident = {
  name: "ghost-agent",
  summary: "Two agents close the window without logging out: Connect still counts on them, until a supervisor looks.",
  wires: ["agent_event", "cloudtrail", "ccp_log", "contact_record"],
  plan: (stage, span) => {
    const agents: AgentSession[] = [];
    const story = new Story(stage, {
      name: "ghost-agent",
      span,
      whatHappened:
        "Some agents closed the CCP while Available. No LOGOUT was written, heartbeats went on, contacts were offered to nobody and missed. A supervisor set them Offline in the end.",
      lookAt: [
        "agent_event: Available without end, only heartbeats and missed contacts, no LOGOUT",
        "ccp_log: 'Publishing event: terminated' and nothing after it",
        "cloudtrail: PutUserStatus by a supervisor ends it",
      ],
    });
    during(
      stage,
      span,
      () => {
        // they finish what they are at before they go
        gather(stage, { most: AGENTS, until: middleOf(span), fits: isIdle }, (agent) => {
          agents.push(agent);
          story.touchAgent(agent);
          vanish(stage, agent);
        });
      },
      () => {
        for (const agent of agents) setOffline(story, agent);
      },
    );
    function setOffline(told: Story, agent: AgentSession): void {
      const [caller] = stage.callers.website;
      if (caller === undefined || !agent.isLoggedIn) return;
      const request = {
        InstanceId: stage.world.instance.id,
        UserId: agent.profile.id,
        AgentStatusId: stage.world.statuses.offline.id,
      };
      told.call({ name: "PutUserStatus", caller, request, response: {}, isReadOnly: false });
      removeVanished(stage, agent);
    }
  },
};
