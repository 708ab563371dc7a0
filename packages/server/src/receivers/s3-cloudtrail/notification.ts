import { isObject, objectAt, textAt, type JsonObject, type JsonValue } from "@fourwire/core";

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** What a message on the queue says. */
export type Notification =
  | { readonly kind: "objects"; readonly objects: readonly ObjectRef[] }
  /** Sent when the notification was set up, or about something else than a new object. */
  | { readonly kind: "nothing"; readonly reason: "test_message" | "other_notification" }
  | { readonly kind: "unknown" };

/** What CloudTrail publishes on a topic when it is given it. */
const VALIDATION_MESSAGE = "CloudTrail validation message.";

const UNKNOWN: Notification = { kind: "unknown" };

/**
 * Reads the three shapes in which a new file is told, each raw or as SNS wraps it: S3's event notification, CloudTrail's
 * own list of keys, EventBridge's "Object Created".
 */
export function readNotification(body: string): Notification {
  const value = parse(body);
  if (value === undefined)
    return body.trim() === VALIDATION_MESSAGE ? { kind: "nothing", reason: "test_message" } : UNKNOWN;
  if (!isObject(value)) return UNKNOWN;
  const wrapped = value["Type"] === "Notification" ? value["Message"] : undefined;
  if (typeof wrapped === "string") return readNotification(wrapped);
  return readS3Test(value) ?? readS3Event(value) ?? readTrailKeys(value) ?? readEventBridge(value) ?? UNKNOWN;
}

function readS3Test(value: JsonObject): Notification | undefined {
  return value["Event"] === "s3:TestEvent" ? { kind: "nothing", reason: "test_message" } : undefined;
}

function readS3Event(value: JsonObject): Notification | undefined {
  const records = value["Records"];
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const events = records.filter(isObject);
  if (!events.every((event) => textAt(event, "eventSource") === "aws:s3")) return undefined;
  const created = events.filter((event) => textAt(event, "eventName")?.includes("ObjectCreated:") === true);
  if (created.length === 0) return { kind: "nothing", reason: "other_notification" };
  const objects: ObjectRef[] = [];
  for (const event of created) {
    const s3 = objectAt(event, "s3");
    const bucket = textAt(objectAt(s3, "bucket"), "name");
    const key = decodeKey(textAt(objectAt(s3, "object"), "key"));
    if (bucket === undefined || key === undefined) return UNKNOWN;
    objects.push({ bucket, key });
  }
  return { kind: "objects", objects };
}

/** S3 writes keys as in a form: percent signs, and a plus for a blank. */
function decodeKey(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function readTrailKeys(value: JsonObject): Notification | undefined {
  const bucket = textAt(value, "s3Bucket");
  const keys = value["s3ObjectKey"];
  if (bucket === undefined || !Array.isArray(keys)) return undefined;
  const texts = keys.filter((key) => typeof key === "string");
  return texts.length === keys.length ? { kind: "objects", objects: texts.map((key) => ({ bucket, key })) } : UNKNOWN;
}

/** Keys are not encoded here. */
function readEventBridge(value: JsonObject): Notification | undefined {
  if (textAt(value, "source") !== "aws.s3") return undefined;
  if (textAt(value, "detail-type") !== "Object Created") return { kind: "nothing", reason: "other_notification" };
  const detail = objectAt(value, "detail");
  const bucket = textAt(objectAt(detail, "bucket"), "name");
  const key = textAt(objectAt(detail, "object"), "key");
  return bucket === undefined || key === undefined ? UNKNOWN : { kind: "objects", objects: [{ bucket, key }] };
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
