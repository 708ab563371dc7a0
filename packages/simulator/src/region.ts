import type { Origin } from "./emission.ts";
import type { Stage } from "./stage.ts";

/** Where the instance's traffic is served from: its own Region, or the replica while it is failed over. */
export function originOf(stage: Stage): Origin {
  return stage.conditions.isFailedOver ? replicaOrigin(stage) : homeOrigin(stage);
}

export function homeOrigin({ world }: Stage): Origin {
  return {
    accountId: world.place.accountId,
    region: world.place.region,
    alias: world.place.alias,
    instanceId: world.instance.id,
  };
}

export function replicaOrigin(stage: Stage): Origin {
  return { ...homeOrigin(stage), region: stage.world.place.replicaRegion };
}
