/** The two families of Connect's API and its Participant Service's, as Amazon's page on CloudTrail lists them (2019). */

/** Requests and responses are both logged. */
export const LOGGED_RESPONSES: ReadonlySet<string> = new Set([
  "AssociateRoutingProfileQueues",
  "CreateContactFlow",
  "CreateRoutingProfile",
  "CreateUser",
  "DeleteRoutingProfile",
  "DeleteUser",
  "DisassociateRoutingProfileQueues",
  "StartChatContact",
  "StartOutboundVoiceContact",
  "StopContact",
  "TagResource",
  "UntagResource",
  "UpdateContactFlowContent",
  "UpdateContactFlowName",
  "UpdateContactAttributes",
  "UpdateRoutingProfileConcurrency",
  "UpdateRoutingProfileName",
  "UpdateRoutingProfileQueues",
  "UpdateUserHierarchy",
  "UpdateUserIdentityInfo",
  "UpdateUserPhoneConfig",
  "UpdateUserRoutingProfile",
  "UpdateUserSecurityProfiles",
  "CreateParticipantConnection",
  "DisconnectParticipant",
  "SendEvent",
  "SendMessage",
]);

/** Requests are logged, responses are redacted: `responseElements` is null. */
export const REDACTED_RESPONSES: ReadonlySet<string> = new Set([
  "DescribeContactFlow",
  "DescribeRoutingProfile",
  "DescribeUser",
  "DescribeUserHierarchyGroup",
  "DescribeUserHierarchyStructure",
  "GetContactAttributes",
  "GetCurrentMetricData",
  "GetFederationToken",
  "GetMetricData",
  "ListContactFlows",
  "ListHoursOfOperations",
  "ListPhoneNumbers",
  "ListPrompts",
  "ListQueues",
  "ListRoutingProfiles",
  "ListRoutingProfileQueues",
  "ListSecurityProfiles",
  "ListTagsForResource",
  "ListUserHierarchyGroups",
  "ListUsers",
  "GetTranscript",
]);

const PARTICIPANT_OPERATIONS: ReadonlySet<string> = new Set([
  "CreateParticipantConnection",
  "DisconnectParticipant",
  "SendEvent",
  "SendMessage",
  "GetTranscript",
]);

export function eventSourceOf(eventName: string): string {
  return PARTICIPANT_OPERATIONS.has(eventName) ? "connectparticipant.amazonaws.com" : "connect.amazonaws.com";
}
