import type { AgentSession } from "./agent-session.ts";
import type { Contact } from "./contact.ts";
import type { Stage } from "./stage.ts";
import { callApi } from "./wires/cloudtrail.ts";

// API calls that name a contact: CloudTrail's part of its timeline.

/** The flow's Lambda function notes something on the contact. */
export function logUpdateContactAttributes(stage: Stage, contact: Contact, attributes: Record<string, string>): void {
  Object.assign(contact.attributes, attributes);
  const request = {
    InitialContactId: contact.initialId ?? contact.id,
    InstanceId: stage.world.instance.id,
    Attributes: attributes,
  };
  callApi(stage, { name: "UpdateContactAttributes", caller: stage.callers.lookup, request, isReadOnly: false });
}

/** The CRM's screen pop reads what the flow learned. */
export function logGetContactAttributes(stage: Stage, contact: Contact): void {
  const request = { InitialContactId: contact.initialId ?? contact.id, InstanceId: stage.world.instance.id };
  callApi(stage, { name: "GetContactAttributes", caller: stage.callers.crm, request, isReadOnly: true });
}

/** The CRM ends a contact that waits: the caller was reached another way. */
export function logStopContact(stage: Stage, contact: Contact): void {
  const request = { ContactId: contact.id, InstanceId: stage.world.instance.id };
  callApi(stage, { name: "StopContact", caller: stage.callers.crm, request, response: {}, isReadOnly: false });
}

/** The website starts a chat for a visitor, and joins it as the customer. */
export function logStartChat(stage: Stage, contact: Contact): void {
  const { chatInbound, instance } = stage.world;
  callApi(stage, {
    name: "StartChatContact",
    caller: stage.callers.webChat,
    request: {
      InstanceId: instance.id,
      ContactFlowId: chatInbound.id,
      ParticipantDetails: { DisplayName: "***" },
      ClientToken: stage.random.uuid(),
    },
    response: { ContactId: contact.id, ParticipantId: stage.random.uuid(), ParticipantToken: "***" },
    isReadOnly: false,
  });
  callApi(stage, {
    name: "CreateParticipantConnection",
    caller: stage.callers.webChat,
    request: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] },
    response: {
      ConnectionCredentials: { ConnectionToken: "***", Expiry: new Date(stage.clock.now + 86_400_000).toISOString() },
    },
    isReadOnly: false,
  });
}

/** The website's form starts an e-mail; Amazon masks addresses, subject and text. */
export function logStartEmail(stage: Stage, contact: Contact): void {
  const { emailInbound, instance } = stage.world;
  callApi(stage, {
    name: "StartEmailContact",
    caller: stage.callers.webChat,
    request: {
      InstanceId: instance.id,
      ContactFlowId: emailInbound.id,
      FromEmailAddress: { EmailAddress: "***" },
      DestinationEmailAddress: "***",
      EmailMessage: "***",
      ClientToken: stage.random.uuid(),
    },
    response: { ContactId: contact.id },
    isReadOnly: false,
  });
}

interface Listening {
  readonly heard: Contact;
  readonly contact: Contact;
  readonly supervisor: AgentSession;
}

/** A supervisor presses the eye beside an agent's name. */
export function logMonitorContact(stage: Stage, { heard, contact, supervisor }: Listening): void {
  const { instance, supervisorIds } = stage.world;
  const caller = stage.callers.website[supervisorIds.indexOf(supervisor.profile.id)] ?? stage.callers.administrator;
  callApi(stage, {
    name: "MonitorContact",
    caller,
    request: {
      InstanceId: instance.id,
      ContactId: heard.id,
      UserId: supervisor.profile.id,
      AllowedMonitorCapabilities: ["SILENT_MONITOR", "BARGE"],
      ClientToken: stage.random.uuid(),
    },
    response: { ContactId: contact.id, ContactArn: `${instance.arn}/contact/${contact.id}` },
    isReadOnly: false,
  });
}

/** The CRM creates a task. */
export function logStartTask(stage: Stage, contact: Contact): void {
  const { taskRouting, instance } = stage.world;
  callApi(stage, {
    name: "StartTaskContact",
    caller: stage.callers.crm,
    request: { InstanceId: instance.id, ContactFlowId: taskRouting.id, Name: "***", ClientToken: stage.random.uuid() },
    response: { ContactId: contact.id },
    isReadOnly: false,
  });
}
