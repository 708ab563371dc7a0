import { AppError } from "@fourwire/core";
import { z } from "zod";
import type { ReceivedMessage } from "../receivers/receiver.ts";

/**
 * What Amazon Data Firehose sends to an HTTP endpoint, in Amazon's names. Only `data` is looked at by itself: a record
 * that is not as it should be is rejected alone.
 * https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html (read 2026-11-25)
 */
const requestSchema = z.looseObject({
  requestId: z.string().max(512).optional(),
  records: z.array(z.unknown()),
});

export interface FirehoseRequest {
  readonly requestId: string | undefined;
  readonly records: readonly unknown[];
}

/** Throws `parameter_invalid` for a body that is no delivery. */
export function parseFirehoseRequest(body: Buffer): FirehoseRequest {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 200) : String(cause);
    throw new AppError("parameter_invalid", `the body is not the JSON that Firehose sends: ${reason}`, { cause });
  }
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return { requestId: parsed.data.requestId, records: parsed.data.records };
  const issue = parsed.error.issues[0];
  throw new AppError("parameter_invalid", `${issue?.path.join(".") || "body"}: ${issue?.message ?? "is not valid"}`);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A record of a delivery as a message; undefined for an empty one, which Firehose permits. */
export function messageOfRecord(record: unknown, origin: string): ReceivedMessage | undefined {
  const encoded = typeof record === "object" && record !== null && "data" in record ? record.data : undefined;
  if (encoded === "") return undefined;
  // Amazon's own page shows the data of a CloudWatch delivery as a plain object
  if (typeof encoded === "object" && encoded !== null) return { bytes: Buffer.from(JSON.stringify(encoded)), origin };
  if (typeof encoded !== "string") {
    const bytes = Buffer.from(JSON.stringify(record) ?? "");
    return { bytes, origin, fault: { reason: "missing_field", detail: "the record has no data" } };
  }
  if (encoded.length % 4 !== 0 || !BASE64.test(encoded))
    return { bytes: Buffer.from(encoded), origin, fault: { reason: "bad_type", detail: "data: not base64" } };
  return { bytes: Buffer.from(encoded, "base64"), origin };
}

/** Name of the Firehose stream in its ARN; undefined when the header is none. */
export function streamNameOf(sourceArn: unknown): string | undefined {
  if (typeof sourceArn !== "string") return undefined;
  return /^arn:[\w-]+:firehose:[\w-]*:\d*:deliverystream\/([\w.-]{1,64})$/.exec(sourceArn)?.[1];
}

const attributesSchema = z.looseObject({ commonAttributes: z.record(z.string(), z.unknown()) });

/** A common attribute's text; undefined when the header has none or cannot be read. */
export function commonAttribute(header: unknown, name: string): string | undefined {
  if (typeof header !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(header);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const text = attributesSchema.safeParse(value).data?.commonAttributes[name];
  return typeof text === "string" && text !== "" ? text.slice(0, 1024) : undefined;
}
