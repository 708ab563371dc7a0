import { gunzipSync, inflateSync } from "node:zlib";
import { AppError, SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ingest } from "../ingest.ts";
import { authorize } from "./access.ts";
import type { ServerContext } from "./context.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const MAX_INFLATED_BYTES = 128 * 1024 * 1024;

/** `POST /v1/records/{source}`: the answer is sent when the records are on disk. */
export function addIngestRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post<{ Params: { source: string } }>(
    "/v1/records/:source",
    { bodyLimit: MAX_BODY_BYTES, config: { rawBody: true } },
    async (request) => {
      authorize(request, context);
      const source = sourceParameter(request.params.source);
      if (context.store.isBusy) {
        // shed before anything is acknowledged; the client sends the same records again
        throw new AppError("overload", "too much is waiting to be stored; send this again", { retryable: true });
      }
      return ingest({
        store: context.store,
        tail: context.tail,
        source,
        origin: `POST /v1/records/${request.params.source}`,
        bytes: inflatedBody(request),
      });
    },
  );
}

function sourceParameter(text: string): SourceName | undefined {
  if (text === "auto") return undefined;
  const source = SOURCE_NAMES.find((name) => name === text);
  if (source === undefined)
    throw new AppError("not_found", `no source "${text}"; sources are auto, ${SOURCE_NAMES.join(", ")}`);
  return source;
}

function inflatedBody(request: FastifyRequest): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const encoding = request.headers["content-encoding"] ?? "identity";
  try {
    if (encoding === "identity") return body;
    if (encoding === "gzip") return gunzipSync(body, { maxOutputLength: MAX_INFLATED_BYTES });
    if (encoding === "deflate") return inflateSync(body, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (cause) {
    throw new AppError(
      "parameter_invalid",
      `the body is not ${encoding}, or inflates to more than ${MAX_INFLATED_BYTES} bytes`,
      { cause },
    );
  }
  throw new AppError(
    "encoding_unsupported",
    `content-encoding "${encoding}" is not supported; use gzip, deflate or identity`,
  );
}
