import type { Stage } from "./stage.ts";
import { callApi } from "./wires/cloudtrail.ts";

const MINUTE_MS = 60_000;
/** The demo's scripted incident: a publish breaks the main flow's Lambda block, a second one repairs it, and so on for ever. */
const INCIDENT = {
  breaksAfterMs: 4 * MINUTE_MS,
  repairedAfterMs: 12 * MINUTE_MS,
  periodMs: 20 * MINUTE_MS,
} as const;

export function startDemoIncident(stage: Stage): void {
  stage.clock.after(INCIDENT.breaksAfterMs, () => publish(stage, true));
  stage.clock.after(INCIDENT.repairedAfterMs, () => publish(stage, false));
}

function publish(stage: Stage, isLambdaBroken: boolean): void {
  stage.conditions.isLambdaBroken = isLambdaBroken;
  const request = {
    InstanceId: stage.world.instance.id,
    ContactFlowId: stage.world.mainInbound.id,
    // CloudTrail never shows what was published
    Content: "***",
  };
  callApi(stage, { name: "UpdateContactFlowContent", caller: stage.callers.deployer, request, isReadOnly: false });
  stage.clock.after(INCIDENT.periodMs, () => publish(stage, isLambdaBroken));
}
