import { SOURCE_NAMES, type AccessTokenResponse, type CreatedTokenResponse } from "@fourwire/core";
import type { AccessTokenRow } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CreatedToken } from "../access/token-registry.ts";
import { parseBody } from "./parameters.ts";
import { authorize } from "./access.ts";
import type { ServerContext } from "./context.ts";

/** Time that a rotated token may go on at most. */
const MAX_OVERLAP_MS = 30 * 86_400_000;

/** What a token is asked for with, over HTTP and by the command. */
export const tokenRequestSchema = z.strictObject({
  name: z.string().regex(/^[\w .:@/-]{1,64}$/, "1 to 64 letters, digits, spaces and .:@/-_"),
  scope: z.enum(["ingest", "read", "admin"]).default("ingest"),
  sources: z.array(z.enum(SOURCE_NAMES)).min(1).nullable().default(null),
  groups: z.array(z.string().min(1).max(200)).min(1).max(100).nullable().default(null),
  expires_in_ms: z.int().min(1).nullable().default(null),
});

export type TokenRequestBody = z.output<typeof tokenRequestSchema>;

const rotateBody = z.strictObject({ overlap_ms: z.int().min(0).max(MAX_OVERLAP_MS).default(0) });

/** Tokens, for commands that find a server in the data directory, and for administrators. */
export function addTokenRoutes(app: FastifyInstance, context: ServerContext): void {
  const { registry } = context.access;

  app.get("/v1/tokens", (request): { readonly tokens: readonly AccessTokenResponse[] } => {
    authorize(request, context);
    return { tokens: registry.list().map(tokenJson) };
  });

  app.post("/v1/tokens", async (request, reply): Promise<CreatedTokenResponse> => {
    authorize(request, context);
    const asked = parseBody(tokenRequestSchema, request.body);
    const expiresTime = asked.expires_in_ms === null ? null : Date.now() + asked.expires_in_ms;
    reply.header("cache-control", "no-store");
    return createdTokenJson(await registry.create({ ...asked, expiresTime }));
  });

  app.post<{ Params: { id: string } }>(
    "/v1/tokens/:id/rotate",
    async (request, reply): Promise<CreatedTokenResponse> => {
      authorize(request, context);
      const { overlap_ms: overlapMs } = parseBody(rotateBody, request.body ?? {});
      reply.header("cache-control", "no-store");
      return createdTokenJson(await registry.rotate(request.params.id, overlapMs));
    },
  );

  app.post<{ Params: { id: string } }>("/v1/tokens/:id/revoke", async (request): Promise<AccessTokenResponse> => {
    authorize(request, context);
    return tokenJson(await registry.revoke(request.params.id));
  });
}

export function tokenJson(row: AccessTokenRow): AccessTokenResponse {
  return {
    token_id: row.tokenId,
    name: row.name,
    scope: row.scope,
    sources: row.sources,
    groups: row.groups,
    created_time: new Date(row.createdTime).toISOString(),
    expires_time: row.expiresTime === null ? null : new Date(row.expiresTime).toISOString(),
    revoked_time: row.revokedTime === null ? null : new Date(row.revokedTime).toISOString(),
  };
}

export function createdTokenJson({ token, row }: CreatedToken): CreatedTokenResponse {
  return { ...tokenJson(row), token };
}
