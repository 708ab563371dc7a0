import { AppError, SOURCE_NAMES, type SourceName } from "@fourwire/core";
import type { FastifyRequest } from "fastify";
import type { Caller } from "../access/access.ts";
import { ingestChunks, type IngestOptions, type IngestResult } from "../ingest.ts";
import type { ReceiverMeter } from "../receivers/receiver-meter.ts";
import type { ServerContext } from "./context.ts";
import type { IntakeShare } from "./intake.ts";
import { readBody, type BodyLimits } from "./request-body.ts";

/** Where something is posted. */
export interface ReceiveRoute {
  /** For counting: what stands after /v1/. */
  readonly name: string;
  readonly type: "http" | "firehose";
  /** As written in the address: a source, or `auto`. */
  readonly source: string;
}

/** A request that may post, before its body was looked at. */
export interface Admitted {
  readonly caller: Caller;
  readonly meter: ReceiverMeter;
  /** Undefined: recognize each record. */
  readonly source: SourceName | undefined;
}

/** Who sends, whether they may, and whether there is room: all of it before the first byte of the body is taken. */
export function admit(request: FastifyRequest, context: ServerContext, route: ReceiveRoute): Admitted {
  const caller = context.access.identify(request.headers);
  context.access.require(caller, "ingest");
  const source = sourceParameter(route.source);
  context.access.requireSource(caller, source);
  // the token of the run is that of local commands, on this machine
  const waitMs = caller.id === "run" ? undefined : context.rateLimiter.admit(caller.id);
  if (waitMs !== undefined) {
    throw new AppError("rate_limited", `the token "${caller.name}" sends more than limits.token_* allow`, {
      retryable: true,
      details: { retryAfterS: Math.ceil(waitMs / 1000) },
    });
  }
  context.intake.admit();
  return { caller, source, meter: context.httpReceivers.meterOf(route.type, route.name, caller) };
}

/** Undefined for `auto`; throws `not_found` for what is no source. */
function sourceParameter(text: string): SourceName | undefined {
  if (text === "auto") return undefined;
  const source = SOURCE_NAMES.find((name) => name === text);
  if (source === undefined)
    throw new AppError("not_found", `no source "${text.slice(0, 40)}"; sources are auto, ${SOURCE_NAMES.join(", ")}`);
  return source;
}

export function bodyLimitsOf(context: ServerContext): BodyLimits {
  const { limits } = context.config;
  return {
    maxBytes: limits.max_body,
    maxInflatedBytes: limits.max_inflated,
    maxInflateRatio: limits.max_inflate_ratio,
  };
}

/** Takes the body and stores what it holds; resolves when that is durable. */
export async function receiveRecords(
  request: FastifyRequest,
  context: ServerContext,
  options: { readonly route: string; readonly source: string },
): Promise<IngestResult> {
  const route = { name: options.route, type: "http", source: options.source } as const;
  const { caller, meter, source } = admit(request, context, route);
  return withShare(context, async (share) => {
    const { chunks, sentBytes } = await readBody(request, bodyLimitsOf(context), share);
    context.rateLimiter.charge(caller.id, sentBytes);
    const { appended, duplicate, rejected, dropped } = await ingestChunks(
      context,
      { source, origin: `POST /v1/${options.route}`, ...rightsOf(caller) },
      chunks,
    );
    meter.succeeded(null);
    meter.stored({ appended, duplicate, rejected, dropped });
    return { appended, duplicate, rejected };
  });
}

/** Runs work that holds bytes, and gives them back however it ends. */
export async function withShare<T>(context: ServerContext, work: (share: IntakeShare) => Promise<T>): Promise<T> {
  const share = context.intake.open();
  try {
    return await work(share);
  } finally {
    share.release();
  }
}

/** What the caller's token allows, for each record; CCP logs that name no group belong to the token's first. */
export function rightsOf(caller: Caller): Pick<IngestOptions, "allowed" | "carrier"> {
  const group = caller.groups?.[0];
  return {
    ...(caller.sources === null && caller.groups === null
      ? {}
      : { allowed: { sources: caller.sources, groups: caller.groups } }),
    ...(group === undefined ? {} : { carrier: { origin: group } }),
  };
}
