import type { Actor } from "./actor.ts";
import type { CloudTrailWire } from "./wire.ts";

/** `UpdateContactFlowContent by ana@example.com (role Deployer) failed: AccessDenied` */
export function cloudTrailMessage(wire: CloudTrailWire, actor: Actor): string {
  if (wire.insightDetails !== undefined) return insightMessage(wire);
  const who = describeActor(wire, actor);
  const call = who === undefined ? wire.eventName : `${wire.eventName} by ${who}`;
  if (!isFailed(wire)) return call;
  return `${call} failed: ${wire.errorCode ?? wire.errorMessage ?? "no error code"}`;
}

/** Some services (console sign-in) write a message without a code. */
export function isFailed(wire: CloudTrailWire): boolean {
  return wire.errorCode !== undefined || wire.errorMessage !== undefined;
}

function insightMessage(wire: CloudTrailWire): string {
  const { insightType, state } = wire.insightDetails ?? {};
  return [`${wire.eventName}:`, insightType ?? "insight", state].filter((part) => part !== undefined).join(" ");
}

function describeActor(wire: CloudTrailWire, actor: Actor): string | undefined {
  if (actor.userId !== undefined) return `Connect user ${actor.userId} (admin website)`;
  const name = nameOfActor(wire, actor);
  if (name === undefined) return undefined;
  const caller = wire.userIdentity.invokedBy;
  const isForwarded = caller !== undefined && caller !== name && actor.actorClass === "cloudformation";
  return isForwarded ? `${name} via ${caller}` : name;
}

function nameOfActor(wire: CloudTrailWire, actor: Actor): string | undefined {
  const { roleName, sessionName, actorClass } = actor;
  const identity = wire.userIdentity;
  if (identity.type === "Root") return "root";
  if (actorClass === "replica_sync" && identity.invokedBy !== undefined) return identity.invokedBy;
  if (sessionName !== undefined && roleName !== undefined) return `${sessionName} (role ${roleName})`;
  if (roleName !== undefined) return `role ${roleName}`;
  return identity.userName ?? sessionName ?? identity.invokedBy ?? actor.key;
}
