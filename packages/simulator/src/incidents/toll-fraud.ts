import type { Stage } from "../stage.ts";
import { callApi } from "../wires/cloudtrail.ts";
import { startApiOutbound } from "../api-outbound.ts";
import { during, Story, type Incident } from "./incident.ts";

const CALL_EVERY_MS = 4_500;
/** Prefixes that revenue-share fraud uses; the digits behind are not in service. */
const PREFIXES = ["+88299900", "+88399900", "+23276999"] as const;

export const TOLL_FRAUD: Incident = {
  name: "toll-fraud",
  summary: "A leaked access key starts outbound calls to expensive numbers, one every few seconds.",
  wires: ["cloudtrail", "contact_event", "contact_record"],
  plan: (stage, span) => {
    const story = new Story(stage, {
      name: "toll-fraud",
      span,
      whatHappened:
        "The access key of user ci-backup was stolen. From a foreign address it looked around, then called StartOutboundVoiceContact every few seconds for numbers that pay the caller's partner by the minute. The key was deactivated in the end.",
      lookAt: [
        "cloudtrail: StartOutboundVoiceContact by ci-backup, many a minute, new address and user agent",
        "cloudtrail: DestinationPhoneNumber with prefixes +882, +883 and +232",
        "contact_record: OUTBOUND or API contacts without queue and agent",
        "cloudtrail: UpdateAccessKey ends it",
      ],
    });
    let isOver = false;
    const next = (): void => {
      if (isOver) return;
      story.touchContact(placeCall(stage, story));
      stage.clock.after(stage.random.exponential(CALL_EVERY_MS), next);
    };
    during(
      stage,
      span,
      () => {
        lookAround(stage);
        stage.clock.after(20_000, next);
      },
      () => {
        isOver = true;
        story.call({
          name: "UpdateAccessKey",
          eventSource: "iam.amazonaws.com",
          caller: stage.callers.administrator,
          request: { userName: "ci-backup", status: "Inactive", accessKeyId: stage.callers.intruder.accessKeyId },
          isReadOnly: false,
        });
      },
    );
  },
};

/** What somebody tries first who found a key; some of it is refused. */
function lookAround(stage: Stage): void {
  const { intruder: caller } = stage.callers;
  const error = { code: "AccessDeniedException", message: "User is not authorized to perform this action" };
  callApi(stage, {
    name: "GetCallerIdentity",
    eventSource: "sts.amazonaws.com",
    caller,
    request: {},
    isReadOnly: true,
  });
  callApi(stage, { name: "ListInstances", caller, request: {}, isReadOnly: true });
  for (const name of ["ListUsers", "ListSecurityProfiles", "DescribeInstance"]) {
    callApi(stage, { name, caller, request: { InstanceId: stage.world.instance.id }, isReadOnly: true, error });
  }
}

function placeCall(stage: Stage, story: Story): string {
  const number = `${stage.random.pick(PREFIXES)}${String(stage.random.integer(0, 999)).padStart(3, "0")}`;
  const contact = startApiOutbound(stage, number, "toll-fraud");
  story.call({
    name: "StartOutboundVoiceContact",
    caller: stage.callers.intruder,
    request: {
      InstanceId: stage.world.instance.id,
      ContactFlowId: stage.world.outboundWhisper.id,
      DestinationPhoneNumber: number,
      SourcePhoneNumber: stage.world.place.systemNumber,
      ClientToken: stage.random.uuid(),
    },
    response: { ContactId: contact.id },
    isReadOnly: false,
  });
  return contact.id;
}
