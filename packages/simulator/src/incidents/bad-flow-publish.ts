import type { ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

export const BAD_FLOW_PUBLISH: Incident = {
  name: "bad-flow-publish",
  summary: "A publish of the main flow calls a Lambda alias that does not exist; a second publish repairs it.",
  wires: ["cloudtrail", "flow_log", "contact_record"],
  plan: (stage, span) => {
    const story = new Story(stage, {
      name: "bad-flow-publish",
      span,
      whatHappened:
        "The main flow was published with a Lambda block that calls the alias 'next', which does not exist. The block failed at once for every contact that entered the new version; earlier ones kept theirs.",
      lookAt: [
        "cloudtrail: UpdateContactFlowContent, its Content masked, by a person",
        "flow_log: FunctionArn ends in ':next', Results 'The Lambda Function Returned An Error.' within a second",
        "flow_log: no GetUserInput any more for new contacts",
      ],
    });
    const publish = (): ApiCall => ({
      name: "UpdateContactFlowContent",
      caller: stage.callers.deployer,
      request: {
        InstanceId: stage.world.instance.id,
        ContactFlowId: stage.world.mainInbound.id,
        // CloudTrail never shows what was published
        Content: "***",
      },
      isReadOnly: false,
    });
    during(
      stage,
      span,
      () => {
        story.call(publish());
        stage.conditions.isLambdaBroken = true;
      },
      () => {
        story.call(publish());
        stage.conditions.isLambdaBroken = false;
      },
    );
  },
};
