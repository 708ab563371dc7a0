import type { Contact } from "./contact.ts";
import type { Stage } from "./stage.ts";
import { writeApiCall } from "./wires/cloudtrail.ts";

// API calls that name a contact: CloudTrail's part of its timeline.

/** The flow's Lambda function notes something on the contact. */
export function logUpdateContactAttributes(stage: Stage, contact: Contact, attributes: Record<string, string>): void {
  Object.assign(contact.attributes, attributes);
  const request = {
    InitialContactId: contact.initialId ?? contact.id,
    InstanceId: stage.world.instance.id,
    Attributes: attributes,
  };
  const call = { name: "UpdateContactAttributes", caller: stage.callers.lookup, request, isReadOnly: false };
  stage.emit("cloudtrail", writeApiCall(stage, call));
}

/** The CRM's screen pop reads what the flow learned. */
export function logGetContactAttributes(stage: Stage, contact: Contact): void {
  const request = { InitialContactId: contact.initialId ?? contact.id, InstanceId: stage.world.instance.id };
  const call = { name: "GetContactAttributes", caller: stage.callers.crm, request, isReadOnly: true };
  stage.emit("cloudtrail", writeApiCall(stage, call));
}

/** The CRM ends a contact that waits: the caller was reached another way. */
export function logStopContact(stage: Stage, contact: Contact): void {
  const request = { ContactId: contact.id, InstanceId: stage.world.instance.id };
  stage.emit(
    "cloudtrail",
    writeApiCall(stage, { name: "StopContact", caller: stage.callers.crm, request, isReadOnly: false }),
  );
}
