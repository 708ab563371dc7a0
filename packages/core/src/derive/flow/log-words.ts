/**
 * Action types of the Flow language with the words their entries have in flow logs, which speak the vocabulary of 2017
 * (version-1 exports, e.g. amazon-connect/voicemail-for-amazon-connect @5585a7e7, Apache-2.0). Types that are not in the
 * first list log their own name, as far as is known.
 */
const LOG_WORDS: Readonly<Record<string, readonly string[]>> = {
  MessageParticipant: ["PlayPrompt"],
  MessageParticipantIteratively: ["AddToPlayLoop"],
  GetParticipantInput: ["GetUserInput", "StoreUserInput"],
  ConnectParticipantWithLexBot: ["GetUserInput"],
  DisconnectParticipant: ["Disconnect"],
  TransferParticipantToThirdParty: ["Transfer", "Dial"],
  TransferContactToQueue: ["Transfer"],
  TransferContactToAgent: ["Transfer"],
  TransferToFlow: ["Transfer"],
  DequeueContactAndTransferToQueue: ["Transfer"],
  CreateCallbackContact: ["Transfer", "CreateCallbackContact"],
  CreateWisdomSession: ["SetWisdomAssistant"],
  EndFlowModuleExecution: ["ReturnFromFlowModule"],
  EndFlowExecution: ["Resume"],
  StartOutboundChatContact: ["SendMessage", "StartOutboundChatContact"],
  StartOutboundEmailContact: ["SendMessage", "StartOutboundEmailContact"],
  UpdateContactAttributes: ["SetAttributes"],
  UpdateFlowAttributes: ["SetFlowAttributes"],
  UpdateContactData: ["SetContactData"],
  UpdateContactEventHooks: ["SetContactFlow", "SetEventHook"],
  UpdateContactMediaProcessing: ["SetMediaProcessing"],
  UpdateContactMediaStreamingBehavior: ["StartMediaStreaming", "StopMediaStreaming"],
  UpdateContactRecordingAndAnalyticsBehavior: ["SetRecordingBehavior", "SetRecordingAndAnalyticsBehavior"],
  UpdateContactRecordingBehavior: ["SetRecordingBehavior"],
  UpdateContactRoutingBehavior: ["ChangeRoutingPriority"],
  UpdateContactTargetQueue: ["SetQueue"],
  UpdateContactTextToSpeechVoice: ["SetVoice"],
  UpdateFlowLoggingBehavior: ["SetLoggingBehavior"],
  UpdatePreviousContactParticipantState: ["HoldCustomerOrAgent"],
  UpdateRoutingCriteria: ["SetRoutingCriteria"],
  CheckMetricData: ["CheckStaffing", "CheckQueueStatus"],
  Compare: ["CheckAttribute"],
  InvokeLambdaFunction: ["InvokeExternalResource"],
};

const OWN_NAMES = [
  "AssociateContactToCustomerProfile",
  "AuthenticateParticipant",
  "CheckHoursOfOperation",
  "CheckOutboundCallStatus",
  "CheckVoiceId",
  "CompleteOutboundCall",
  "CreateCase",
  "CreateCustomerProfile",
  "CreatePersistentContactAssociation",
  "CreateTask",
  "DistributeByPercentage",
  "GetCalculatedAttributesForCustomerProfile",
  "GetCase",
  "GetCustomerProfile",
  "GetCustomerProfileObject",
  "GetMetricData",
  "InvokeFlowModule",
  "Loop",
  "ResumeContact",
  "ShowView",
  "StartVoiceIdStream",
  "TagContact",
  "UnTagContact",
  "UntagContact",
  "UpdateCase",
  "UpdateContactCallbackNumber",
  "UpdateCustomerProfile",
  "Wait",
];

const WORDS_OF: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...Object.entries(LOG_WORDS).map(([type, words]) => [type, new Set(words)] as const),
  ...OWN_NAMES.map((type) => [type, new Set([type === "UntagContact" ? "UnTagContact" : type])] as const),
]);

const KNOWN_WORDS: ReadonlySet<string> = new Set([...WORDS_OF.values()].flatMap((words) => [...words]));

/** Whether the developer guide documents the action type. */
export function isKnownActionType(type: string): boolean {
  return WORDS_OF.has(type);
}

/**
 * Whether a block of the type may have written an entry with the word. What an unknown type writes is unknown: its own
 * name, or a word that no known type has.
 */
export function mayLog(actionType: string, word: string): boolean {
  const words = WORDS_OF.get(actionType);
  return words === undefined ? word === actionType || !KNOWN_WORDS.has(word) : words.has(word);
}
