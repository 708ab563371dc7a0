import { Story, type Incident } from "./incident.ts";

const STEP_MS = 40_000;

export const PRIVILEGE_ESCALATION: Incident = {
  name: "privilege-escalation",
  summary: "A break-glass login makes a new user an administrator and changes a colleague's e-mail address.",
  wires: ["cloudtrail"],
  plan: (stage, span) => {
    const { instance, securityProfiles } = stage.world;
    const request = { InstanceId: instance.id };
    const userId = stage.random.uuid();
    const [website] = stage.callers.website;
    // the session of an emergency login belongs to no user of the instance
    const emergency = website === undefined ? undefined : { ...website, session: stage.random.uuid() };
    const story = new Story(stage, {
      name: "privilege-escalation",
      span,
      whatHappened:
        "With a stolen key, somebody called AdminGetEmergencyAccessToken and worked in the admin website with a session that belongs to no user: made a user, gave it the Admin profile, and changed the e-mail address of a supervisor.",
      lookAt: [
        "cloudtrail: AdminGetEmergencyAccessToken by ci-backup",
        "cloudtrail: UpdateUserSecurityProfiles with the Admin profile, by a session id that DescribeUser does not know",
        "cloudtrail: UpdateUserIdentityInfo of somebody else",
      ],
    });
    const at = (step: number, act: () => void) =>
      stage.clock.at(span.startTime, () => stage.clock.after(step * STEP_MS, act));
    at(0, () => {
      const caller = stage.callers.intruder;
      story.call({
        name: "AdminGetEmergencyAccessToken",
        caller,
        request,
        response: { Token: "***" },
        isReadOnly: false,
      });
    });
    if (emergency === undefined) return;
    at(1, () =>
      story.call({
        name: "CreateUser",
        caller: emergency,
        request: {
          ...request,
          Username: "svc.reporting",
          Password: "***",
          SecurityProfileIds: [securityProfiles.agent.id],
        },
        response: { UserId: userId, UserArn: `${instance.arn}/agent/${userId}` },
        isReadOnly: false,
      }),
    );
    at(2, () =>
      story.call({
        name: "UpdateUserSecurityProfiles",
        caller: emergency,
        request: { ...request, UserId: userId, SecurityProfileIds: [securityProfiles.admin.id] },
        isReadOnly: false,
      }),
    );
    at(3, () =>
      story.call({
        name: "UpdateUserIdentityInfo",
        caller: emergency,
        request: {
          ...request,
          UserId: stage.world.supervisorIds[0] ?? "",
          IdentityInfo: { FirstName: "***", LastName: "***", Email: "***" },
        },
        isReadOnly: false,
      }),
    );
  },
};
