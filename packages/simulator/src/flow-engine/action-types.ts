/** What is known about one action type of the Flow language. */
export interface ActionType {
  /** `ContactFlowModuleType` of its log entries. Where it depends on the parameters, the executor chooses. */
  readonly moduleType: string;
  /**
   * `seen`: the word stands in real logs or in a version-1 export, whose words the logs use. `likely`: the action is
   * younger than version 1, and its own name or its block's is taken.
   */
  readonly evidence: "seen" | "likely";
  /** Parameters without which Connect does not publish the flow. */
  readonly required: readonly string[];
}

type Row = readonly [type: string, moduleType: string, evidence: ActionType["evidence"], ...required: string[]];

/**
 * Every action type that the developer guide documents (read 2026-11-25), with its word in flow logs. Words from
 * amazon-connect/voicemail-for-amazon-connect @5585a7e7 (Apache-2.0), from entries in public documentation, and from
 * the block list of kyoo0008/aws-connect-contact-tracer @da0eb5c.
 */
const ROWS: readonly Row[] = [
  // participant actions
  ["MessageParticipant", "PlayPrompt", "seen"],
  ["MessageParticipantIteratively", "AddToPlayLoop", "seen", "Messages"],
  ["GetParticipantInput", "GetUserInput", "seen", "StoreInput"],
  ["ConnectParticipantWithLexBot", "GetUserInput", "seen"],
  ["DisconnectParticipant", "Disconnect", "seen"],
  ["TransferParticipantToThirdParty", "Transfer", "seen", "ThirdPartyPhoneNumber"],
  ["ShowView", "ShowView", "seen", "ViewResource"],
  // contact actions
  ["CompleteOutboundCall", "CompleteOutboundCall", "likely"],
  ["CreateCase", "CreateCase", "seen", "CaseTemplateId"],
  ["CreateTask", "CreateTask", "seen"],
  ["CreateWisdomSession", "SetWisdomAssistant", "seen", "WisdomAssistantArn"],
  ["DequeueContactAndTransferToQueue", "Transfer", "seen"],
  ["EndFlowModuleExecution", "ReturnFromFlowModule", "seen"],
  ["GetCase", "GetCase", "seen"],
  ["InvokeFlowModule", "InvokeFlowModule", "seen", "FlowModuleId"],
  ["ResumeContact", "ResumeContact", "likely"],
  ["StartOutboundChatContact", "SendMessage", "likely"],
  ["StartOutboundEmailContact", "SendMessage", "likely"],
  ["TagContact", "TagContact", "seen", "Tags"],
  ["TransferContactToAgent", "Transfer", "likely"],
  ["TransferContactToQueue", "Transfer", "seen"],
  ["UnTagContact", "UnTagContact", "likely", "TagKeys"],
  ["UntagContact", "UnTagContact", "likely", "TagKeys"],
  ["UpdateCase", "UpdateCase", "seen"],
  ["UpdateContactAttributes", "SetAttributes", "seen", "Attributes"],
  ["UpdateContactCallbackNumber", "UpdateContactCallbackNumber", "seen", "CallbackNumber"],
  ["UpdateContactData", "SetContactData", "seen"],
  ["UpdateContactEventHooks", "SetContactFlow", "seen", "EventHooks"],
  ["UpdateContactMediaProcessing", "SetMediaProcessing", "likely"],
  ["UpdateContactMediaStreamingBehavior", "StartMediaStreaming", "seen", "MediaStreamingState"],
  ["UpdateContactRecordingAndAnalyticsBehavior", "SetRecordingBehavior", "seen"],
  ["UpdateContactRecordingBehavior", "SetRecordingBehavior", "seen", "RecordingBehavior"],
  ["UpdateContactRoutingBehavior", "ChangeRoutingPriority", "seen"],
  ["UpdateContactTargetQueue", "SetQueue", "seen"],
  ["UpdateContactTextToSpeechVoice", "SetVoice", "seen", "TextToSpeechVoice"],
  ["UpdatePreviousContactParticipantState", "HoldCustomerOrAgent", "likely", "PreviousContactParticipantState"],
  // flow control actions
  ["CheckHoursOfOperation", "CheckHoursOfOperation", "seen"],
  ["CheckMetricData", "CheckQueueStatus", "seen", "MetricType"],
  ["CheckOutboundCallStatus", "CheckOutboundCallStatus", "likely"],
  ["CheckVoiceId", "CheckVoiceId", "likely"],
  ["Compare", "CheckAttribute", "seen", "ComparisonValue"],
  ["DistributeByPercentage", "DistributeByPercentage", "seen"],
  ["EndFlowExecution", "Resume", "seen"],
  ["GetMetricData", "GetMetricData", "seen"],
  ["Loop", "Loop", "seen", "LoopCount"],
  ["StartVoiceIdStream", "StartVoiceIdStream", "likely"],
  ["TransferToFlow", "Transfer", "seen", "ContactFlowId"],
  ["UpdateFlowAttributes", "SetFlowAttributes", "seen", "FlowAttributes"],
  ["UpdateFlowLoggingBehavior", "SetLoggingBehavior", "seen", "FlowLoggingBehavior"],
  ["UpdateRoutingCriteria", "SetRoutingCriteria", "seen"],
  ["Wait", "Wait", "seen", "TimeLimitSeconds"],
  // interactions
  ["AssociateContactToCustomerProfile", "AssociateContactToCustomerProfile", "seen"],
  ["AuthenticateParticipant", "AuthenticateParticipant", "seen"],
  ["CreateCallbackContact", "Transfer", "likely"],
  ["CreateCustomerProfile", "CreateCustomerProfile", "likely", "ProfileRequestData"],
  ["CreatePersistentContactAssociation", "CreatePersistentContactAssociation", "seen"],
  ["GetCalculatedAttributesForCustomerProfile", "GetCalculatedAttributesForCustomerProfile", "likely"],
  ["GetCustomerProfile", "GetCustomerProfile", "seen", "ProfileRequestData"],
  ["GetCustomerProfileObject", "GetCustomerProfileObject", "likely"],
  ["InvokeLambdaFunction", "InvokeExternalResource", "seen", "LambdaFunctionARN"],
  ["UpdateCustomerProfile", "UpdateCustomerProfile", "likely"],
];

const TYPES: ReadonlyMap<string, ActionType> = new Map(
  ROWS.map(([type, moduleType, evidence, ...required]) => [type, { moduleType, evidence, required }]),
);

/** Words that people, and programs that write flows, take for types; most are the words of logs or of the designer. */
const SUGGESTIONS: ReadonlyMap<string, string> = new Map([
  ...ROWS.toReversed().map(([type, moduleType]) => [moduleType.toLowerCase(), type] as const),
  ["transfer", "TransferToFlow or TransferContactToQueue"],
  ["transfertoqueue", "TransferContactToQueue"],
  ["transfertophonenumber", "TransferParticipantToThirdParty"],
  ["transfertoagent", "TransferContactToAgent"],
  ["dial", "TransferParticipantToThirdParty"],
  ["getuserinput", "GetParticipantInput"],
  ["getcustomerinput", "GetParticipantInput"],
  ["storeuserinput", "GetParticipantInput"],
  ["storecustomerinput", "GetParticipantInput"],
  ["invokelambda", "InvokeLambdaFunction"],
  ["playaudio", "MessageParticipant"],
  ["loopprompts", "MessageParticipantIteratively"],
  ["checkcontactattributes", "Compare"],
  ["setcontactattributes", "UpdateContactAttributes"],
  ["setworkingqueue", "UpdateContactTargetQueue"],
  ["checkstaffing", "CheckMetricData"],
  ["seteventhook", "UpdateContactEventHooks"],
  ["stopmediastreaming", "UpdateContactMediaStreamingBehavior"],
  ["disconnectcontact", "DisconnectParticipant"],
  ["endflow", "EndFlowExecution"],
]);

export function describeActionType(type: string): ActionType | undefined {
  return TYPES.get(type);
}

export function isKnownActionType(type: string): boolean {
  return TYPES.has(type);
}

/** The documented type that an invented one probably means; undefined when nothing comes to mind. */
export function suggestActionType(type: string): string | undefined {
  const key = type.replaceAll(/[\s_-]/g, "").toLowerCase();
  return SUGGESTIONS.get(key) ?? [...TYPES.keys()].find((known) => isSlip(known.toLowerCase(), key));
}

/** A slip of the pen: two letters swapped, or up to two that are wrong, missing or too many in one place. */
function isSlip(known: string, written: string): boolean {
  const shorter = Math.min(known.length, written.length);
  if (shorter < LEAST_LETTERS) return false;
  let start = 0;
  while (start < shorter && known[start] === written[start]) start += 1;
  let end = 0;
  while (end < shorter - start && known.at(-1 - end) === written.at(-1 - end)) end += 1;
  return Math.max(known.length, written.length) - start - end <= 2;
}

const LEAST_LETTERS = 6;

export function listActionTypes(): readonly (readonly [string, ActionType])[] {
  return [...TYPES];
}
