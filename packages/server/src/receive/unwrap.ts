import { isUtf8 } from "node:buffer";
import { gunzipSync } from "node:zlib";
import {
  arrayAt,
  isObject,
  objectAt,
  parseInstant,
  SOURCES,
  textAt,
  type Carrier,
  type JsonObject,
  type JsonValue,
  type ReceivedRecord,
  type RejectReason,
  type SourceName,
} from "@fourwire/core";
import { readCanary, type CanaryNote } from "../receivers/canary/canary-note.ts";
import { isGzip } from "./inflate.ts";
import { scanValues, type ScannedValue } from "./json-scanner.ts";
import { MAX_DEPTH, MAX_RECORD_BYTES, MAX_WRAPPERS } from "./limits.ts";

/** What was found inside a document. */
export interface UnwrapSink {
  record(source: SourceName, received: ReceivedRecord): void;
  /** A value of a shape that no source has. */
  unknown(value: JsonValue, text: string, carrier?: Carrier): void;
  fault(reason: RejectReason, detail: string, text: string, carrier?: Carrier): void;
  /** Left out on purpose. */
  dropped(reason: "control_message"): void;
  /** One of our own canaries came back. */
  canary(note: CanaryNote): void;
}

interface Wrapped {
  readonly value: JsonValue;
  readonly text: string;
  readonly carrier: Carrier | undefined;
  readonly depth: number;
}

/** A record inside a Kinesis or Firehose message may inflate to this much. */
const MAX_INNER_BYTES = 4 * MAX_RECORD_BYTES;

/** The order in which shapes are tried: the most frequent and the most distinctive first. */
const RECOGNITION_ORDER: readonly SourceName[] = [
  "ccp_log",
  "flow_log",
  "agent_event",
  "contact_record",
  "contact_event",
  "cloudtrail",
];

/**
 * Finds the records in a document, whatever it is wrapped in: CloudWatch subscription payloads, Lambda's `awslogs`,
 * Kinesis and Firehose events (base64, gzip), EventBridge envelopes, `Records` arrays, plain arrays.
 */
export function unwrap(
  document: { readonly value: JsonValue; readonly text: string; readonly carrier?: Carrier | undefined },
  sink: UnwrapSink,
): void {
  visit({ value: document.value, text: document.text, carrier: document.carrier, depth: 0 }, sink);
}

/** The source whose shape a value has. */
export function recognizeSource(value: JsonObject): SourceName | undefined {
  return RECOGNITION_ORDER.find((source) => SOURCES[source].recognize(value));
}

function visit(wrapped: Wrapped, sink: UnwrapSink): void {
  const { value } = wrapped;
  if (wrapped.depth > MAX_WRAPPERS) {
    sink.fault("too_deep", `more than ${MAX_WRAPPERS} wrappers inside each other`, wrapped.text, wrapped.carrier);
    return;
  }
  if (Array.isArray(value)) {
    for (const element of value)
      visit({ ...wrapped, value: element, text: JSON.stringify(element), depth: wrapped.depth + 1 }, sink);
    return;
  }
  if (!isObject(value)) {
    sink.unknown(value, wrapped.text, wrapped.carrier);
    return;
  }
  // `detail-type` first: a contact event is an envelope and a record at once
  if (value["detail-type"] !== undefined && visitEventBridge(value, wrapped, sink)) return;
  const source = recognizeSource(value);
  if (source !== undefined) sink.record(source, { value, body: wrapped.text, carrier: wrapped.carrier });
  else if (!visitWrapper(value, wrapped, sink)) visitUnknown(value, wrapped, sink);
}

function visitUnknown(value: JsonObject, wrapped: Wrapped, sink: UnwrapSink): void {
  const canary = readCanary(value);
  if (canary === undefined) sink.unknown(value, wrapped.text, wrapped.carrier);
  else sink.canary(canary);
}

/** CloudTrail and CCP log envelopes are opened; any other is left to the sources. */
function visitEventBridge(envelope: JsonObject, wrapped: Wrapped, sink: UnwrapSink): boolean {
  const detail = objectAt(envelope, "detail");
  if (detail === undefined) return false;
  const carrier = envelopeCarrier(envelope, detail);
  const logs = detail["logs"];
  if (Array.isArray(logs)) {
    for (const entry of logs)
      visit({ value: entry, text: JSON.stringify(entry), carrier, depth: wrapped.depth + 1 }, sink);
    return true;
  }
  if (!SOURCES.cloudtrail.recognize(detail)) return false;
  sink.record("cloudtrail", { value: detail, body: JSON.stringify(detail), carrier });
  return true;
}

function envelopeCarrier(envelope: JsonObject, detail: JsonObject): Carrier {
  return definedCarrier({
    time: parseInstant(envelope["time"]),
    id: textAt(envelope, "id"),
    accountId: textAt(envelope, "account"),
    region: textAt(envelope, "region"),
    origin: textAt(detail, "groupId") ?? textAt(envelope, "source"),
  });
}

/** Opens a wrapper; false when the value is none. */
function visitWrapper(value: JsonObject, wrapped: Wrapped, sink: UnwrapSink): boolean {
  if (value["messageType"] !== undefined && Array.isArray(value["logEvents"])) visitCloudWatch(value, wrapped, sink);
  else if (objectAt(value, "awslogs") !== undefined)
    visitEncoded(textAt(objectAt(value, "awslogs"), "data"), wrapped, sink);
  else if (Array.isArray(value["Records"])) visitRecords(arrayAt(value, "Records"), wrapped, sink);
  else if (Array.isArray(value["records"]) && value["invocationId"] !== undefined)
    visitRecords(arrayAt(value, "records"), wrapped, sink);
  else if (Array.isArray(value["events"]) && isLogEvent(arrayAt(value, "events")[0]))
    visitLogEvents(arrayAt(value, "events"), undefined, wrapped, sink);
  else return visitMessageWrapper(value, wrapped, sink);
  return true;
}

/** A wrapper around one message. */
function visitMessageWrapper(value: JsonObject, wrapped: Wrapped, sink: UnwrapSink): boolean {
  const lambdaSns = objectAt(value, "Sns");
  if (value["Type"] === "Notification" && value["TopicArn"] !== undefined) visitSns(value, wrapped, sink);
  else if (lambdaSns !== undefined) visitSns(lambdaSns, wrapped, sink);
  else if (isLogEvent(value)) visitLogEvents([value], undefined, wrapped, sink);
  else if (isLambdaRecord(value)) visitRecords([value], wrapped, sink);
  // what Firehose could not deliver, as it stands in the error bucket
  else if (value["attemptEndingTimestamp"] !== undefined && textAt(value, "rawData") !== undefined)
    visitEncoded(textAt(value, "rawData"), wrapped, sink);
  else if (Array.isArray(value["logs"])) visitCcpBatch(value, arrayAt(value, "logs"), wrapped, sink);
  else return false;
  return true;
}

/** A batch of the collector, or the bare `detail` of a forwarder's event: `{"group": "...", "logs": [...]}`. */
function visitCcpBatch(batch: JsonObject, logs: readonly JsonValue[], wrapped: Wrapped, sink: UnwrapSink): void {
  const own = definedCarrier({
    time: parseInstant(batch["time"]),
    id: undefined,
    accountId: textAt(batch, "account"),
    region: textAt(batch, "region"),
    origin: textAt(batch, "group") ?? textAt(batch, "groupId"),
  });
  const carrier = { ...wrapped.carrier, ...own };
  for (const entry of logs)
    visit({ value: entry, text: JSON.stringify(entry), carrier, depth: wrapped.depth + 1 }, sink);
}

function visitCloudWatch(payload: JsonObject, wrapped: Wrapped, sink: UnwrapSink): void {
  // CloudWatch probes a destination with messages of its own; they carry no log
  if (payload["messageType"] === "CONTROL_MESSAGE") sink.dropped("control_message");
  else visitLogEvents(arrayAt(payload, "logEvents"), payload, wrapped, sink);
}

function isLogEvent(value: JsonValue | undefined): boolean {
  return isObject(value) && value["message"] !== undefined && value["timestamp"] !== undefined;
}

function visitLogEvents(
  events: readonly JsonValue[],
  payload: JsonObject | undefined,
  wrapped: Wrapped,
  sink: UnwrapSink,
): void {
  for (const event of events) {
    if (!isObject(event)) {
      sink.unknown(event, JSON.stringify(event));
      continue;
    }
    const carrier = definedCarrier({
      time: parseInstant(event["timestamp"]),
      id: textAt(event, "id") ?? textAt(event, "eventId") ?? textAt(event, "eventid"),
      accountId: textAt(payload, "owner"),
      region: undefined,
      origin: textAt(payload, "logGroup"),
    });
    visitMessage(event["message"], carrier, wrapped, sink);
  }
}

function visitMessage(message: JsonValue | undefined, carrier: Carrier, wrapped: Wrapped, sink: UnwrapSink): void {
  if (typeof message !== "string") {
    visit({ value: message ?? null, text: JSON.stringify(message ?? null), carrier, depth: wrapped.depth + 1 }, sink);
    return;
  }
  const value = parse(message);
  if (value === undefined) sink.fault("invalid_json", "the message of a log event is not JSON", message, carrier);
  else visit({ value, text: message, carrier, depth: wrapped.depth + 1 }, sink);
}

/** What SNS wraps around a message unless raw message delivery is on, in a queue or in a Lambda event. */
function visitSns(notification: JsonObject | undefined, wrapped: Wrapped, sink: UnwrapSink): void {
  const message = textAt(notification, "Message");
  const value = message === undefined ? undefined : parse(message);
  if (message !== undefined && value !== undefined) {
    visit({ value, text: message, carrier: wrapped.carrier, depth: wrapped.depth + 1 }, sink);
    return;
  }
  sink.fault("invalid_json", "the message of an SNS notification is not JSON", message ?? wrapped.text);
}

/** One of the `Records` of a Lambda event, which the scanner takes apart before it gets here. */
function isLambdaRecord(value: JsonObject): boolean {
  if (textAt(objectAt(value, "kinesis"), "data") !== undefined) return true;
  return value["messageId"] !== undefined && textAt(value, "body") !== undefined;
}

/** `Records` of a Lambda event (Kinesis, SQS) or of CloudTrail; `records` of a Firehose transformation. */
function visitRecords(records: readonly JsonValue[], wrapped: Wrapped, sink: UnwrapSink): void {
  for (const record of records) {
    const fields = isObject(record) ? record : undefined;
    const encoded = textAt(objectAt(fields, "kinesis"), "data") ?? textAt(fields, "data");
    const body = textAt(fields, "body");
    if (encoded !== undefined) visitEncoded(encoded, wrapped, sink);
    else if (body !== undefined && fields?.["messageId"] !== undefined) visitBytes(Buffer.from(body), wrapped, sink);
    else
      visit({ value: record, text: JSON.stringify(record), carrier: wrapped.carrier, depth: wrapped.depth + 1 }, sink);
  }
}

/** base64, of gzip or not, of one or more JSON values. */
function visitEncoded(encoded: string | undefined, wrapped: Wrapped, sink: UnwrapSink): void {
  if (encoded === undefined) {
    sink.fault("missing_field", "the wrapper has no data", wrapped.text);
    return;
  }
  visitBytes(Buffer.from(encoded, "base64"), wrapped, sink);
}

function visitBytes(bytes: Buffer, wrapped: Wrapped, sink: UnwrapSink): void {
  let plain = bytes;
  for (let layer = 0; isGzip(plain) && layer < MAX_WRAPPERS; layer++) {
    const inflated = inflate(plain);
    if (inflated === undefined) {
      sink.fault(
        "corrupt_gzip",
        `gzip data inside a wrapper is damaged or larger than ${MAX_INNER_BYTES} bytes`,
        wrapped.text,
      );
      return;
    }
    plain = inflated;
  }
  for (const scanned of scanValues(plain)) visitScanned(scanned, wrapped, sink);
}

/** One value of the bytes inside a wrapper. */
function visitScanned(scanned: ScannedValue, wrapped: Wrapped, sink: UnwrapSink): void {
  const text = scanned.bytes.toString("utf8");
  if (scanned.fault === "too_large") {
    sink.fault(
      "too_large",
      `record of ${scanned.sizeBytes} bytes inside a wrapper is larger than the limit of ${MAX_RECORD_BYTES}`,
      text,
    );
  } else if (scanned.fault === "too_deep") {
    sink.fault("too_deep", `nested deeper than ${MAX_DEPTH} levels inside a wrapper`, text);
  } else if (!isUtf8(scanned.bytes)) {
    sink.fault("invalid_utf8", "the bytes inside a wrapper are not UTF-8", wrapped.text);
  } else {
    const value = scanned.fault === undefined ? parse(text) : undefined;
    if (value === undefined) sink.fault("invalid_json", "the data inside a wrapper is not JSON", text);
    else visit({ value, text, carrier: wrapped.carrier, depth: wrapped.depth + 1 }, sink);
  }
}

function inflate(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_INNER_BYTES });
  } catch (error) {
    if (error instanceof RangeError || String((error as NodeJS.ErrnoException).code).startsWith("Z_")) return undefined;
    throw error;
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type CarrierFacts = { readonly [Key in keyof Carrier]-?: Carrier[Key] | undefined };

/** A carrier with only the facts that are there. */
function definedCarrier(facts: CarrierFacts): Carrier {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
