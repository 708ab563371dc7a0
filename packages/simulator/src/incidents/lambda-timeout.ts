import type { ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

export const LAMBDA_TIMEOUT: Incident = {
  name: "lambda-timeout",
  summary:
    "A deployment of the lookup function makes it slow: the flow's Lambda block gives up after 8 s for everybody.",
  wires: ["flow_log", "cloudtrail", "contact_event"],
  plan: (stage, span) => {
    const story = new Story(stage, {
      name: "lambda-timeout",
      span,
      whatHappened:
        "New code of customer-lookup waited for a database that did not answer. The Lambda block waited its 8 s and took the error branch, so every caller heard the apology and went to the default queue.",
      lookAt: [
        "flow_log: InvokeExternalResource takes 8 s and ends with 'The Lambda Function Returned An Error.'",
        "cloudtrail: UpdateFunctionCode20150331v2 on customer-lookup just before",
      ],
    });
    const deploy = (): ApiCall => ({
      name: "UpdateFunctionCode20150331v2",
      eventSource: "lambda.amazonaws.com",
      caller: stage.callers.deployer,
      request: { functionName: stage.world.lookupFunctionArn, dryRun: false, publish: true },
      response: { functionName: "customer-lookup", functionArn: stage.world.lookupFunctionArn, runtime: "nodejs22.x" },
      isReadOnly: false,
    });
    during(
      stage,
      span,
      () => {
        story.call(deploy());
        stage.conditions.isLambdaSlow = true;
      },
      () => {
        story.call(deploy());
        stage.conditions.isLambdaSlow = false;
      },
    );
  },
};
