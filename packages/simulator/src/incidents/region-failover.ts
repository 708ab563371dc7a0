import { publishState } from "../agent-session.ts";
import { log } from "../browser.ts";
import { replicaOrigin } from "../region.ts";
import { everybody, type Stage } from "../stage.ts";
import { callApi, type ApiCall } from "../wires/cloudtrail.ts";
import { during, Story, type Incident } from "./incident.ts";

export const REGION_FAILOVER: Incident = {
  name: "region-failover",
  summary: "Traffic is moved to the replica Region and back: contacts, agents and their pages follow.",
  wires: ["cloudtrail", "contact_event", "agent_event", "ccp_log"],
  plan: (stage, span) => {
    const { place } = stage.world;
    const story = new Story(stage, {
      name: "region-failover",
      span,
      whatHappened: `UpdateTrafficDistribution moved all traffic from ${place.region} to ${place.replicaRegion}, where Global Resiliency keeps a replica, and back again later.`,
      lookAt: [
        "cloudtrail: UpdateTrafficDistribution; synchronization writes in the replica Region",
        "contact_event: the envelope's region and globalResiliencyMetadata name the replica",
        "agent_event: AgentCrossRegionRoutingConfiguration.CurrentRegion changes",
        "ccp_log: 'Publishing event: globalResiliency::failover_complete'",
      ],
    });
    for (const agent of everybody(stage)) {
      agent.configuredRegions = [place.region, place.replicaRegion];
      agent.region = place.region;
    }
    const move = (toReplica: boolean): void => {
      story.call(distribution(stage, toReplica));
      stage.conditions.isFailedOver = toReplica;
      const region = toReplica ? place.replicaRegion : place.region;
      for (const agent of everybody(stage)) {
        agent.region = region;
        if (!agent.isLoggedIn || agent.snapshot === "null") continue;
        story.touchAgent(agent);
        stage.clock.after(stage.random.integer(900, 9_000), () => moveAgent(stage, agent, region));
      }
    };
    during(
      stage,
      span,
      () => {
        move(true);
        synchronize(stage, span.endTime);
      },
      () => move(false),
    );
  },
};

function moveAgent(stage: Stage, agent: Stage["agents"][number], region: string): void {
  if (!agent.isLoggedIn || agent.region !== region || agent.snapshot === "null") return;
  publishState(stage, agent);
  if (agent.browser?.isOpen !== true) return;
  for (const step of ["failover_detected", "failover_initiated", "failover_complete"]) {
    log(stage, agent.browser, { level: "TRACE", text: `Publishing event: globalResiliency::${step}` });
  }
  log(stage, agent.browser, { level: "INFO", text: `[GR] failover complete, active region is ${region}` });
}

function share(region: string, percentage: number): object {
  return { Region: region, Percentage: percentage };
}

function distribution(stage: Stage, toReplica: boolean): ApiCall {
  const { place } = stage.world;
  return {
    name: "UpdateTrafficDistribution",
    caller: stage.callers.administrator,
    request: {
      Id: `arn%3Aaws%3Aconnect%3A${place.region}%3A${place.accountId}%3Atraffic-distribution-group%2F${stage.world.instance.id}`,
      TelephonyConfig: {
        Distributions: [share(place.region, toReplica ? 0 : 100), share(place.replicaRegion, toReplica ? 100 : 0)],
      },
    },
    isReadOnly: false,
  };
}

/** The replica is kept in step by Connect itself. */
function synchronize(stage: Stage, until: number): void {
  if (stage.clock.now >= until) return;
  callApi(stage, {
    name: "UpdateUserRoutingProfile",
    caller: stage.callers.synchronization,
    request: {
      InstanceId: stage.world.instance.arn,
      UserId: stage.random.pick(stage.world.agents).id,
      RoutingProfileId: stage.random.pick(stage.world.routingProfiles).id,
    },
    isReadOnly: false,
    origin: replicaOrigin(stage),
  });
  stage.clock.after(stage.random.exponential(45_000), () => synchronize(stage, until));
}
