/**
 * throttled: too fast, slow down; denied: credentials or permissions; missing: what was asked for does not exist;
 * transient: may work next time, unchanged; refused: the request itself is wrong, so the configuration is.
 */
export type AwsFailureKind = "throttled" | "denied" | "missing" | "transient" | "refused";

export interface AwsFailure {
  readonly kind: AwsFailureKind;
  /** The error's name in the service's model, such as `ExpiredIteratorException`. */
  readonly name: string;
  /** What the service said. */
  readonly message: string;
}

const THROTTLED = new Set([
  "BandwidthLimitExceeded",
  "KMSThrottlingException",
  "LimitExceededException",
  "OverLimit",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
]);

const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AllAccessDisabled",
  "AuthFailure",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "InvalidToken",
  "KMSAccessDeniedException",
  "KMSDisabledException",
  "KMSInvalidStateException",
  "KMSNotFoundException",
  "KMSOptInRequired",
  "KmsAccessDenied",
  "KmsDisabled",
  "KmsInvalidState",
  "KmsNotFound",
  "KmsOptInRequired",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "ProviderError",
  "RequestExpired",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "TokenProviderError",
  "UnauthorizedOperation",
  "UnrecognizedClientException",
]);

const MISSING = new Set([
  "AWS.SimpleQueueService.NonExistentQueue",
  "NoSuchBucket",
  "NoSuchKey",
  "NoSuchVersion",
  "NotFound",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
]);

/** Told as errors of the request, and over by themselves: a stream that is being created, a page asked for too late. */
const TRANSIENT = new Set(["ExpiredIteratorException", "ExpiredNextTokenException", "ResourceInUseException"]);

/**
 * What a call of an AWS client failed of. By name and status, as the service's model has them, never by message. What
 * has neither (no network, a name that does not resolve, an answer that is no answer) may pass.
 */
export function classifyAwsError(error: unknown): AwsFailure {
  if (!(error instanceof Error)) return { kind: "transient", name: "Error", message: String(error) };
  const status = statusOf(error);
  return { kind: kindOf(error, status), name: nameOf(error), message: messageOf(error) };
}

function kindOf(error: Error, status: number | undefined): AwsFailureKind {
  // The SDK has just learned how wrong our clock is and signs the next request by the service's.
  const { name } = error;
  if (isClockCorrected(error) || TRANSIENT.has(name)) return "transient";
  if (THROTTLED.has(name) || status === 429 || isThrottlingByModel(error)) return "throttled";
  if (DENIED.has(name)) return "denied";
  if (MISSING.has(name)) return "missing";
  return kindOfStatus(status);
}

function kindOfStatus(status: number | undefined): AwsFailureKind {
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "missing";
  return status !== undefined && status >= 400 && status < 500 && status !== 408 ? "refused" : "transient";
}

function metadataOf(error: Error): object {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}

function statusOf(error: Error): number | undefined {
  const metadata = metadataOf(error);
  return "httpStatusCode" in metadata && typeof metadata.httpStatusCode === "number"
    ? metadata.httpStatusCode
    : undefined;
}

function isClockCorrected(error: Error): boolean {
  const metadata = metadataOf(error);
  return "clockSkewCorrected" in metadata && metadata.clockSkewCorrected === true;
}

function isThrottlingByModel(error: Error): boolean {
  const trait: unknown = "$retryable" in error ? error.$retryable : undefined;
  return typeof trait === "object" && trait !== null && "throttling" in trait && trait.throttling === true;
}

/** Errors of sockets are all named `Error`; their code says more. */
function nameOf(error: Error): string {
  if (error.name !== "Error") return error.name;
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** A refused connection to several addresses is an AggregateError without a message of its own. */
function messageOf(error: Error): string {
  if (error.message !== "") return error.message;
  const [first]: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first.message : "no answer";
}

export interface AwsCall {
  /** The permission that the call needs, such as `kinesis:GetRecords`. */
  readonly action: string;
  /** Such as `stream "connect-agents" in eu-west-2`. */
  readonly subject: string;
  /** The receiver's entry in the configuration, such as `receivers.agents`. */
  readonly configKey: string;
  /** The field of the entry that names the subject, such as `stream`. */
  readonly subjectKey: string;
}

/** What failed, with which value, and what to do. */
export function describeAwsFailure(failure: AwsFailure, call: AwsCall): string {
  const said = `${failure.name}: ${failure.message}`;
  switch (failure.kind) {
    case "throttled":
      return `${call.action} on ${call.subject} is throttled (${said}); slower for a while. If it stays so, another consumer reads the same place`;
    case "denied":
      return `${call.action} on ${call.subject} was denied (${said}); allow it, or check ${call.configKey}.credentials`;
    case "missing":
      return `${call.subject} was not found by ${call.action} (${said}); check ${call.configKey}.${call.subjectKey} and ${call.configKey}.region`;
    case "refused":
      return `${call.action} on ${call.subject} was refused (${said}); check ${call.configKey}`;
    case "transient":
      return `${call.action} on ${call.subject} failed (${said}); trying again. If it stays so, check the network and ${call.configKey}.endpoint`;
  }
}
