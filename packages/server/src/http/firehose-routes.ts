import { setImmediate as nextTurn } from "node:timers/promises";
import { AppError } from "@fourwire/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addResults, NOTHING, storeDecoded, type IngestOptions, type IngestResult } from "../ingest.ts";
import { MessageDecoder } from "../receivers/message-decoder.ts";
import type { ServerContext } from "./context.ts";
import { appErrorOf, retryAfterOf, statusOf } from "./error-answer.ts";
import { commonAttribute, messageOfRecord, parseFirehoseRequest, streamNameOf } from "./firehose-request.ts";
import { admit, bodyLimitsOf, rightsOf, withShare } from "./receive.ts";
import { readBody } from "./request-body.ts";

/** Firehose sends up to 64 MiB; should that be told of the data inside, base64 makes it 86 MiB, and JSON a little more. */
const MAX_BODY_BYTES = 96 * 1024 * 1024;

/** Firehose waits three minutes for the answer. What is not stored by then is sent again, so it is given up before. */
const DEADLINE_MS = 150_000;

/** Longest error message of Amazon's schema. */
const MAX_MESSAGE_CHARACTERS = 8192;

/** Decoding gives way to other requests after this long. */
const TURN_MS = 10;

/** The route's parameters. */
interface FirehoseParams {
  readonly source?: string;
}

type FirehoseHttpRequest = FastifyRequest<{ Params: FirehoseParams }>;

/**
 * Amazon Data Firehose's HTTP endpoint delivery. Every answer is Amazon's: the request's id, a time, and a message where
 * it failed. 413 is the one status after which Firehose neither tries again nor keeps the records in its error bucket,
 * so it is never answered: what is too large gets 400, which ends in the bucket.
 */
export async function addFirehoseRoutes(app: FastifyInstance, context: ServerContext): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const appError = appErrorOf(error);
      const status = statusOf(appError);
      if (status === 503 || status === 429) reply.header("retry-after", retryAfterOf(appError));
      return answer(reply, status === 413 ? 400 : status, {
        requestId: requestIds.get(request) ?? requestIdOf(request) ?? "",
        errorMessage: `${appError.code}: ${appError.message}`.slice(0, MAX_MESSAGE_CHARACTERS),
      });
    });
    // the short one for an endpoint that was typed without its last part: the records tell what they are
    for (const path of ["/v1/firehose/:source", "/v1/firehose"]) {
      scope.post<{ Params: FirehoseParams }>(path, async (request, reply) => {
        await receiveDelivery(request, context);
        return answer(reply, 200, { requestId: requestIds.get(request) ?? "" });
      });
    }
  });
}

/** Ids that only the body told. */
const requestIds = new WeakMap<object, string>();

async function receiveDelivery(request: FirehoseHttpRequest, context: ServerContext): Promise<void> {
  const startedTime = Date.now();
  const { source: written = "auto" } = request.params;
  const stream = streamNameOf(request.headers["x-amz-firehose-source-arn"]);
  const name = `firehose/${written}${stream === undefined ? "" : ` ${stream}`}`;
  const { caller, meter, source } = admit(request, context, { name, type: "firehose", source: written });
  requireVersion(request);
  await withShare(context, async (share) => {
    const limits = { ...bodyLimitsOf(context), maxBytes: MAX_BODY_BYTES, maxInflatedBytes: MAX_BODY_BYTES };
    const { chunks, sentBytes } = await readBody(request, limits, share);
    context.rateLimiter.charge(caller.id, sentBytes);
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    // once more as parsed text
    share.hold(body.length);
    const delivery = parseFirehoseRequest(body);
    const requestId = requestIdOf(request) ?? delivery.requestId;
    if (requestId === undefined) throw new AppError("parameter_invalid", "the delivery has no requestId");
    requestIds.set(request, requestId);
    const result = await storeRecords(context, delivery.records, {
      source,
      origin: `firehose:${stream ?? written}/${requestId}`,
      deadline: startedTime + DEADLINE_MS,
      ...rightsOf(caller),
      ...groupOf(request),
    });
    meter.succeeded(null);
    meter.stored(result);
  });
}

/** CCP logs sent through Firehose may name their group by the common attribute `group`. */
function groupOf(request: FastifyRequest): Pick<IngestOptions, "carrier"> {
  const group = commonAttribute(request.headers["x-amz-firehose-common-attributes"], "group");
  return group === undefined ? {} : { carrier: { origin: group } };
}

function requireVersion(request: FastifyRequest): void {
  const version = request.headers["x-amz-firehose-protocol-version"];
  if (version === undefined || version === "1.0") return;
  throw new AppError(
    "parameter_invalid",
    `Firehose protocol version "${String(version).slice(0, 20)}" is not known; 1.0 is`,
  );
}

/** Stores the records of a delivery, in slices. One bad record is rejected alone; the answer is for all of them. */
async function storeRecords(
  context: ServerContext,
  records: readonly unknown[],
  options: IngestOptions & { readonly deadline: number },
): Promise<IngestResult & { readonly dropped: Readonly<Record<string, number>> }> {
  const decoder = new MessageDecoder(options);
  let total = NOTHING;
  let emptyCount = 0;
  const flush = async (): Promise<void> => {
    if (Date.now() > options.deadline)
      throw new AppError("overload", "the delivery took too long to store; send it again", { retryable: true });
    total = addResults(total, await storeDecoded(context, decoder.take()));
  };
  let turnStarted = performance.now();
  for (const [index, record] of records.entries()) {
    const message = messageOfRecord(record, `${options.origin}[${index}]`);
    if (message === undefined) emptyCount++;
    else await decoder.decode(message, flush);
    if (decoder.isFull) await flush();
    if (performance.now() - turnStarted < TURN_MS) continue;
    await nextTurn();
    turnStarted = performance.now();
  }
  await flush();
  const dropped = decoder.takeDropped();
  return { ...total, dropped: emptyCount === 0 ? dropped : { ...dropped, empty_record: emptyCount } };
}

function requestIdOf(request: FastifyRequest): string | undefined {
  const id = request.headers["x-amz-firehose-request-id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** As a buffer: the content type is then left as it is, and Amazon's page names no parameter of it as acceptable. */
function answer(
  reply: FastifyReply,
  status: number,
  body: { readonly requestId: string; readonly errorMessage?: string },
): FastifyReply {
  const { requestId, errorMessage } = body;
  const text = JSON.stringify({
    requestId,
    timestamp: Date.now(),
    ...(errorMessage === undefined ? {} : { errorMessage }),
  });
  return reply.code(status).header("content-type", "application/json").send(Buffer.from(text));
}
