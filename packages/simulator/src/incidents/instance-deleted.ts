import { logOut } from "../agent-session.ts";
import { everybody } from "../stage.ts";
import { Story, type Incident } from "./incident.ts";

const SILENT_AFTER_MS = 45_000;

export const INSTANCE_DELETED: Incident = {
  name: "instance-deleted",
  summary: "The instance is deleted: every agent is thrown out and the wires fall silent, all but one.",
  wires: ["cloudtrail", "agent_event", "contact_event"],
  isLasting: true,
  plan: (stage, span) => {
    const story = new Story(stage, {
      name: "instance-deleted",
      span,
      isLasting: true,
      whatHappened:
        "An administrator's session deleted the instance. Within seconds all agents were logged out; nobody could call any more, and nothing brings the instance back.",
      lookAt: [
        "cloudtrail: DeleteInstance, who, from where, and what else that principal did",
        "agent_event: LOGOUT of everybody within a minute, and no event of the instance after it",
        "cloudtrail: dashboards go on asking and are told ResourceNotFoundException",
      ],
    });
    stage.clock.at(span.startTime, () => {
      const request = { InstanceId: stage.world.instance.id };
      const caller = stage.callers.administrator;
      story.call({ name: "DescribeInstance", caller, request, isReadOnly: true });
      story.call({ name: "DeleteInstance", caller, request, isReadOnly: false });
      stage.conditions.isDeleted = true;
      stage.clock.after(SILENT_AFTER_MS, () => {
        stage.delivery.isMuted = true;
      });
      for (const agent of everybody(stage)) {
        if (!agent.isLoggedIn) continue;
        story.touchAgent(agent);
        stage.clock.after(stage.random.integer(1_500, 40_000), () => {
          if (agent.isLoggedIn) logOut(stage, agent);
        });
      }
    });
  },
};
