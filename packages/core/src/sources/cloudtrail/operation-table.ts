// Generated from fixtures/connect-api-operations.tsv, the operation model of @aws-sdk/client-connect 3.1136: 397 operations,
// grouped by the resource in their URI (where it names none: in their name). operations.test.ts holds the two equal.

/** Operation names of one resource type, separated by white space. */
export interface ResourceOperations {
  /** Leave everything as it was, whatever the HTTP method (44 of them are not sent with GET). */
  readonly reads: string;
  /** Change something, or hand out access: `GetFederationToken` is a GET that mints an administrator's session. */
  readonly writes: string;
}

/** Every operation of connect.amazonaws.com by the type of its main object. */
export const CONNECT_OPERATIONS: Readonly<Record<string, ResourceOperations>> = {
  agent_status: {
    reads: "DescribeAgentStatus ListAgentStatuses SearchAgentStatuses",
    writes: "CreateAgentStatus UpdateAgentStatus",
  },
  attached_file: {
    reads: `
      BatchGetAttachedFileMetadata DescribeAttachedFilesConfiguration GetAttachedFile ListAttachedFilesConfigurations
    `,
    writes: `
      CompleteAttachedFileUpload CreateAttachedFile DeleteAttachedFile StartAttachedFileUpload
      UpdateAttachedFilesConfiguration
    `,
  },
  authentication_profile: {
    reads: "DescribeAuthenticationProfile ListAuthenticationProfiles",
    writes: "UpdateAuthenticationProfile",
  },
  contact: {
    reads: `
      DescribeContact GetContactAttributes ListAssociatedContacts ListContactReferences
      ListRealtimeContactAnalysisSegmentsV2 SearchContacts
    `,
    writes: `
      AssociateContactWithUser BatchPutContact CreateContact CreateParticipant CreatePersistentContactAssociation
      DeleteContactData MonitorContact PauseContact ResumeContact ResumeContactRecording SendChatIntegrationEvent
      SendOutboundEmail StartAssistantContact StartChatContact StartContactConversationalAnalyticsJob
      StartContactMediaProcessing StartContactRecording StartContactStreaming StartEmailContact
      StartOutboundChatContact StartOutboundEmailContact StartOutboundVoiceContact StartScreenSharing StartTaskContact
      StartWebRTCContact StopContact StopContactMediaProcessing StopContactRecording StopContactStreaming
      SuspendContactRecording TagContact TransferContact UntagContact UpdateContact UpdateContactAttributes
      UpdateContactRoutingData UpdateContactSchedule UpdateContactTaskTemplate UpdateParticipantAuthentication
      UpdateParticipantRoleConfig
    `,
  },
  contact_evaluation: {
    reads: "DescribeContactEvaluation ListContactEvaluations SearchContactEvaluations",
    writes: `
      DeleteContactEvaluation StartContactEvaluation SubmitContactEvaluation UpdateContactEvaluation
    `,
  },
  data_table: {
    reads: `
      BatchDescribeDataTableValue DescribeDataTable DescribeDataTableAttribute EvaluateDataTableValues
      ListDataTableAttributes ListDataTablePrimaryValues ListDataTableValues ListDataTables SearchDataTables
    `,
    writes: `
      BatchCreateDataTableValue BatchDeleteDataTableValue BatchUpdateDataTableValue CreateDataTable
      CreateDataTableAttribute DeleteDataTable DeleteDataTableAttribute UpdateDataTableAttribute
      UpdateDataTableMetadata UpdateDataTablePrimaryValues
    `,
  },
  email_address: {
    reads: "DescribeEmailAddress SearchEmailAddresses",
    writes: `
      AssociateEmailAddressAlias CreateEmailAddress DeleteEmailAddress DisassociateEmailAddressAlias
      UpdateEmailAddressMetadata
    `,
  },
  evaluation_form: {
    reads: `
      DescribeEvaluationForm GetEvaluationFormValidation ListEvaluationFormAIVersions ListEvaluationFormVersions
      ListEvaluationForms SearchEvaluationForms
    `,
    writes: `
      ActivateEvaluationForm CreateEvaluationForm DeactivateEvaluationForm DeleteEvaluationForm
      StartEvaluationFormValidation UpdateEvaluationForm
    `,
  },
  extraction_definition: {
    reads: "DescribeExtractionDefinition ListExtractionDefinitions",
    writes: "CreateExtractionDefinition DeleteExtractionDefinition UpdateExtractionDefinition",
  },
  flow: {
    reads: "DescribeContactFlow ListContactFlowVersions ListContactFlows SearchContactFlows",
    writes: `
      CreateContactFlow CreateContactFlowVersion DeleteContactFlow DeleteContactFlowVersion UpdateContactFlowContent
      UpdateContactFlowMetadata UpdateContactFlowName
    `,
  },
  flow_association: {
    reads: "BatchGetFlowAssociation GetFlowAssociation ListFlowAssociations",
    writes: "AssociateFlow DisassociateFlow",
  },
  flow_module: {
    reads: `
      DescribeContactFlowModule DescribeContactFlowModuleAlias ListContactFlowModuleAliases
      ListContactFlowModuleVersions ListContactFlowModules SearchContactFlowModules
    `,
    writes: `
      CreateContactFlowModule CreateContactFlowModuleAlias CreateContactFlowModuleVersion DeleteContactFlowModule
      DeleteContactFlowModuleAlias DeleteContactFlowModuleVersion UpdateContactFlowModuleAlias
      UpdateContactFlowModuleContent UpdateContactFlowModuleMetadata
    `,
  },
  hours_of_operation: {
    reads: `
      DescribeHoursOfOperation DescribeHoursOfOperationOverride GetEffectiveHoursOfOperations
      ListChildHoursOfOperations ListHoursOfOperationOverrides ListHoursOfOperations SearchHoursOfOperationOverrides
      SearchHoursOfOperations
    `,
    writes: `
      AssociateHoursOfOperations CreateHoursOfOperation CreateHoursOfOperationOverride DeleteHoursOfOperation
      DeleteHoursOfOperationOverride DisassociateHoursOfOperations UpdateHoursOfOperation
      UpdateHoursOfOperationOverride
    `,
  },
  instance: {
    reads: `
      DescribeInstance DescribeInstanceAttribute DescribeInstanceStorageConfig GetCrossRegionRouting
      ListAnalyticsDataAssociations ListAnalyticsDataLakeDataSets ListApprovedOrigins ListBots ListInstanceAttributes
      ListInstanceStorageConfigs ListInstances ListLambdaFunctions ListLexBots ListSecurityKeys
    `,
    writes: `
      AssociateAnalyticsDataSet AssociateApprovedOrigin AssociateBot AssociateInstanceStorageConfig
      AssociateLambdaFunction AssociateLexBot AssociateSecurityKey BatchAssociateAnalyticsDataSet
      BatchDisassociateAnalyticsDataSet CreateInstance DeleteInstance DisassociateAnalyticsDataSet
      DisassociateApprovedOrigin DisassociateBot DisassociateInstanceStorageConfig DisassociateLambdaFunction
      DisassociateLexBot DisassociateSecurityKey ReplicateInstance UpdateCrossRegionRouting UpdateInstanceAttribute
      UpdateInstanceStorageConfig
    `,
  },
  integration_association: {
    reads: "ListIntegrationAssociations ListUseCases",
    writes: "CreateIntegrationAssociation CreateUseCase DeleteIntegrationAssociation DeleteUseCase",
  },
  metric: {
    reads: "DescribeMetric ListMetrics SearchMetrics",
    writes: "CreateMetric DeleteMetric UpdateMetricContent UpdateMetricMetadata",
  },
  metric_data: {
    reads: "GetContactMetrics GetCurrentMetricData GetCurrentUserData GetMetricData GetMetricDataV2",
    writes: "",
  },
  notification: {
    reads: "DescribeNotification ListNotifications SearchNotifications",
    writes: `
      CreateNotification CreatePushNotificationRegistration DeleteNotification DeletePushNotificationRegistration
      SendOutboundWebNotification UpdateNotificationContent
    `,
  },
  phone_number: {
    reads: "DescribePhoneNumber ListPhoneNumbers ListPhoneNumbersV2 SearchAvailablePhoneNumbers",
    writes: `
      AssociatePhoneNumberContactFlow ClaimPhoneNumber DisassociatePhoneNumberContactFlow ImportPhoneNumber
      ReleasePhoneNumber UpdatePhoneNumber UpdatePhoneNumberMetadata
    `,
  },
  predefined_attribute: {
    reads: "DescribePredefinedAttribute ListPredefinedAttributes SearchPredefinedAttributes",
    writes: "CreatePredefinedAttribute DeletePredefinedAttribute UpdatePredefinedAttribute",
  },
  prompt: {
    reads: "DescribePrompt GetPromptFile ListPrompts SearchPrompts",
    writes: "CreatePrompt DeletePrompt UpdatePrompt",
  },
  queue: {
    reads: "DescribeQueue ListQueueEmailAddresses ListQueueQuickConnects ListQueues SearchQueues",
    writes: `
      AssociateQueueEmailAddresses AssociateQueueQuickConnects CreateQueue DeleteQueue DisassociateQueueEmailAddresses
      DisassociateQueueQuickConnects UpdateQueueHoursOfOperation UpdateQueueMaxContacts UpdateQueueName
      UpdateQueueOutboundCallerConfig UpdateQueueOutboundEmailConfig UpdateQueueStatus
    `,
  },
  quick_connect: {
    reads: "DescribeQuickConnect ListQuickConnects SearchQuickConnects",
    writes: "CreateQuickConnect DeleteQuickConnect UpdateQuickConnectConfig UpdateQuickConnectName",
  },
  routing_profile: {
    reads: `
      DescribeRoutingProfile ListRoutingProfileManualAssignmentQueues ListRoutingProfileQueues ListRoutingProfiles
      SearchRoutingProfiles
    `,
    writes: `
      AssociateRoutingProfileQueues CreateRoutingProfile DeleteRoutingProfile DisassociateRoutingProfileQueues
      UpdateRoutingProfileAgentAvailabilityTimer UpdateRoutingProfileConcurrency
      UpdateRoutingProfileDefaultOutboundQueue UpdateRoutingProfileName UpdateRoutingProfileQueues
    `,
  },
  rule: { reads: "DescribeRule ListRules SearchRules", writes: "CreateRule DeleteRule UpdateRule" },
  security_profile: {
    reads: `
      DescribeSecurityProfile ListEntitySecurityProfiles ListSecurityProfileAIAgents ListSecurityProfileApplications
      ListSecurityProfileFlowModules ListSecurityProfilePermissions ListSecurityProfiles SearchSecurityProfiles
    `,
    writes: `
      AssociateSecurityProfiles CreateSecurityProfile DeleteSecurityProfile DisassociateSecurityProfiles
      UpdateSecurityProfile
    `,
  },
  session: { reads: "", writes: "CreateAuthCode DeleteSession GetFederationToken" },
  tag: { reads: "ListTagsForResource SearchResourceTags", writes: "TagResource UntagResource" },
  task_template: {
    reads: "GetTaskTemplate ListTaskTemplates",
    writes: "CreateTaskTemplate DeleteTaskTemplate UpdateTaskTemplate",
  },
  test_case: {
    reads: `
      DescribeTestCase GetTestCaseExecutionSummary ListTestCaseExecutionRecords ListTestCaseExecutions ListTestCases
      SearchTestCases
    `,
    writes: "CreateTestCase DeleteTestCase StartTestCaseExecution StopTestCaseExecution UpdateTestCase",
  },
  traffic_distribution_group: {
    reads: `
      DescribeTrafficDistributionGroup GetTrafficDistribution ListTrafficDistributionGroupUsers
      ListTrafficDistributionGroups
    `,
    writes: `
      AssociateTrafficDistributionGroupUser CreateTrafficDistributionGroup DeleteTrafficDistributionGroup
      DisassociateTrafficDistributionGroupUser UpdateTrafficDistribution
    `,
  },
  user: {
    reads: "DescribeUser ListUserNotifications ListUserProficiencies ListUsers SearchUsers",
    writes: `
      AssociateUserProficiencies CreateUser DeleteUser DisassociateUserProficiencies DismissUserContact PutUserStatus
      UpdateUserConfig UpdateUserHierarchy UpdateUserIdentityInfo UpdateUserNotificationStatus UpdateUserPhoneConfig
      UpdateUserProficiencies UpdateUserRoutingProfile UpdateUserSecurityProfiles
    `,
  },
  user_hierarchy_group: {
    reads: "DescribeUserHierarchyGroup ListUserHierarchyGroups SearchUserHierarchyGroups",
    writes: "CreateUserHierarchyGroup DeleteUserHierarchyGroup UpdateUserHierarchyGroupName",
  },
  user_hierarchy_structure: { reads: "DescribeUserHierarchyStructure", writes: "UpdateUserHierarchyStructure" },
  view: {
    reads: "DescribeView ListViewVersions ListViews SearchViews",
    writes: `
      CreateView CreateViewVersion DeleteView DeleteViewVersion UpdateViewContent UpdateViewMetadata
    `,
  },
  vocabulary: {
    reads: "DescribeVocabulary ListDefaultVocabularies SearchVocabularies",
    writes: "AssociateDefaultVocabulary CreateVocabulary DeleteVocabulary",
  },
  workspace: {
    reads: `
      DescribeWorkspace ListWorkspaceMedia ListWorkspacePages ListWorkspaces SearchWorkspaceAssociations
      SearchWorkspaces
    `,
    writes: `
      AssociateWorkspace CreateWorkspace CreateWorkspacePage DeleteWorkspace DeleteWorkspaceMedia DeleteWorkspacePage
      DisassociateWorkspace ImportWorkspaceMedia UpdateWorkspaceMetadata UpdateWorkspacePage UpdateWorkspaceTheme
      UpdateWorkspaceVisibility
    `,
  },
};
