import { AppError } from "@fourwire/core";
import type { FastifyRequest } from "fastify";
import { decodeBody } from "./content-coding.ts";
import type { IntakeShare } from "./intake.ts";

export interface BodyLimits {
  /** As sent. */
  readonly maxBytes: number;
  readonly maxInflatedBytes: number;
  readonly maxInflateRatio: number;
}

/**
 * The request's body, inflated, in chunks. Each byte is counted in the share before more is read. Throws `body_too_large`
 * (at once where the length is announced), `overload`, `encoding_unsupported`, `parameter_invalid`.
 */
export async function readBody(
  request: FastifyRequest,
  limits: BodyLimits,
  share: IntakeShare,
): Promise<{ readonly chunks: readonly Buffer[]; readonly sentBytes: number }> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > limits.maxBytes) throw tooLarge(limits.maxBytes);
  const received: Buffer[] = [];
  let sentBytes = 0;
  try {
    // not destroyed when the loop is left: the client is to read why its body was refused
    for await (const chunk of request.raw.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue;
      sentBytes += chunk.length;
      if (sentBytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
      share.hold(chunk.length);
      received.push(chunk);
    }
  } catch (cause) {
    // what is still on its way is read and forgotten, until the server's request timeout: a connection that nobody reads
    // from could neither be used again nor be seen to end
    request.raw.resume();
    if (cause instanceof AppError) throw cause;
    // nobody is there any more to read the answer
    throw new AppError("parameter_invalid", "the body ended before all of it was sent", { cause });
  }
  const chunks = await decodeBody(Buffer.concat(received), request.headers["content-encoding"], {
    maxBytes: limits.maxInflatedBytes,
    maxRatio: limits.maxInflateRatio,
    hold: (bytes) => share.hold(bytes),
  });
  return { chunks, sentBytes };
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("body_too_large", `the body is larger than ${maxBytes} bytes; send fewer records at once`);
}
