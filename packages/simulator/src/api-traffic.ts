import { changeRoutingProfile } from "./agent-session.ts";
import type { Stage } from "./stage.ts";
import { callApi, type ApiCall } from "./wires/cloudtrail.ts";
import { startManagementCalls } from "./management-calls.ts";

const POLL_PERIOD_MS = 15_000;
const MEAN_WEBSITE_CHANGE_MS = 150_000;
const MEAN_READ_MS = 90_000;
const HISTORY_S = 1_800;

/** The API calls that belong to no contact: dashboards, people in the admin website, scripts. */
export function startApiTraffic(stage: Stage): void {
  repeat(
    stage,
    () => POLL_PERIOD_MS,
    () => emit(stage, pollHistory(stage)),
  );
  stage.clock.after(5_000, () =>
    repeat(
      stage,
      () => POLL_PERIOD_MS,
      () => emit(stage, pollCurrent(stage)),
    ),
  );
  repeat(
    stage,
    () => stage.random.exponential(MEAN_WEBSITE_CHANGE_MS),
    () => changeInWebsite(stage),
  );
  repeat(
    stage,
    () => stage.random.exponential(MEAN_READ_MS),
    () => emit(stage, describeUser(stage)),
  );
  if (!stage.world.isDemo) startManagementCalls(stage);
}

function repeat(stage: Stage, periodMs: () => number, act: () => void): void {
  stage.clock.after(periodMs(), () => {
    act();
    repeat(stage, periodMs, act);
  });
}

/** Programs go on asking after a deleted instance; people have nothing left to click on. */
function emit(stage: Stage, call: ApiCall): void {
  if (!stage.conditions.isDeleted) return void callApi(stage, call);
  if (!programsOf(stage).includes(call.caller)) return;
  const { response: _none, ...asked } = call;
  const error = { code: "ResourceNotFoundException", message: "Instance not found" };
  callApi(stage, { ...asked, error });
}

function programsOf({ callers }: Stage): readonly ApiCall["caller"][] {
  return [callers.wallboard, callers.crm];
}

/** A read by its name, yet real records say `readOnly: false` and carry the whole answer (public sample, 2024-11-28). */
function pollHistory(stage: Stage): ApiCall {
  const endTime = Math.floor(stage.clock.now / 1000);
  const queueIds = Object.values(stage.world.queues).map(({ id }) => id);
  const names = ["CONTACTS_HANDLED", "CONTACTS_ABANDONED"];
  const request = {
    ResourceArn: stage.world.instance.arn,
    Filters: [{ FilterKey: "QUEUE", FilterValues: queueIds }],
    Metrics: names.map((Name) => ({ Name })),
    EndTime: endTime,
    Groupings: ["QUEUE"],
    StartTime: endTime - HISTORY_S,
  };
  const call = { name: "GetMetricDataV2", caller: stage.callers.wallboard, request, isReadOnly: false };
  if (stage.random.chance(0.01)) return { ...call, error: { code: "ThrottlingException", message: "Rate exceeded" } };
  const collections = () => names.map((Name) => ({ Metric: { Name }, Value: stage.random.integer(0, 40) }));
  const results = queueIds.map((QUEUE) => ({ Dimensions: { QUEUE }, Collections: collections() }));
  return { ...call, response: { MetricResults: results } };
}

function pollCurrent(stage: Stage): ApiCall {
  const metrics = ["AGENTS_AVAILABLE", "CONTACTS_IN_QUEUE"];
  const request = {
    InstanceId: stage.world.instance.id,
    Filters: { Queues: Object.values(stage.world.queues).map(({ id }) => id), Channels: ["VOICE"] },
    Groupings: ["QUEUE"],
    CurrentMetrics: metrics.map((Name) => ({ Name, Unit: "COUNT" })),
  };
  return { name: "GetCurrentMetricData", caller: stage.callers.wallboard, request, isReadOnly: false };
}

function describeUser(stage: Stage): ApiCall {
  const user = stage.random.pick(stage.world.agents);
  const request = { InstanceId: stage.world.instance.id, UserId: user.id };
  return { name: "DescribeUser", caller: stage.callers.crm, request, isReadOnly: true };
}

/** A supervisor changes something; what is changed shows in the other wires too. */
function changeInWebsite(stage: Stage): void {
  if (stage.conditions.isDeleted) return;
  const caller = stage.random.pick(stage.callers.website);
  const instance = { InstanceId: stage.world.instance.id };
  if (stage.random.chance(0.5)) {
    const queue = stage.random.pick(Object.values(stage.world.queues));
    const request = { ...instance, QueueId: queue.id, MaxContacts: stage.random.integer(10, 60) };
    return emit(stage, { name: "UpdateQueueMaxContacts", caller, request, isReadOnly: false });
  }
  const agent = stage.random.pick(stage.agents);
  const other = stage.world.routingProfiles.find(({ id }) => id !== agent.routingProfile.id) ?? agent.routingProfile;
  const request = { ...instance, UserId: agent.profile.id, RoutingProfileId: other.id };
  emit(stage, { name: "UpdateUserRoutingProfile", caller, request, isReadOnly: false });
  stage.clock.after(stage.random.integer(150, 600), () => changeRoutingProfile(stage, agent, other));
}
