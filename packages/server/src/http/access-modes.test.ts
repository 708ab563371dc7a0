import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TemporaryServer, TOKEN } from "../../test/temporary-server.ts";
import { defaultConfig } from "../config/config.ts";
import type { AccessScope } from "@fourwire/store";

/** Routes that answer anybody: the probes, and the page, which holds no records. */
const OPEN = new Set(["GET /healthz", "GET /readyz"]);

let server: TemporaryServer;
const tokens = new Map<AccessScope, string>();

beforeAll(async () => {
  server = await TemporaryServer.create({
    server: { ...defaultConfig().server, access: "token", allowed_hosts: ["Fourwire.example.com", "10.0.0.7:4004"] },
  });
  for (const scope of ["ingest", "read", "admin"] as const) {
    const request = { name: scope, scope, sources: null, groups: null, expiresTime: null };
    tokens.set(scope, (await server.context.access.registry.create(request)).token);
  }
});

afterAll(() => server.remove());

/** Every route of the server but the page's, as method and pattern. */
function routesOf(): readonly { readonly method: string; readonly url: string }[] {
  const lines = server.app.printRoutes({ commonPrefix: false }).split("\n");
  const trail: string[] = [];
  return lines.flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line);
    if (found === null) return [];
    const [, indent = "", part = "", methods = ""] = found;
    trail.splice(indent.length / 4, trail.length, part);
    // two routes that differ in the name of a parameter share a line: any of its names will do
    const url = trail.join("").replaceAll(/:\w+\|:source/g, ":source");
    return methods
      .split(", ")
      .filter((method) => method !== "" && method !== "HEAD" && method !== "OPTIONS")
      .map((method) => ({ method, url }));
  });
}

const METHODS = ["GET", "POST", "DELETE"] as const;

async function ask(method: string, url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await server.app.inject({
    method: METHODS.find((known) => known === method) ?? "GET",
    url: url.replaceAll(":source", "auto").replaceAll(/:\w+/g, "x"),
    headers: { "content-type": "application/json", ...headers },
    ...(method === "POST" ? { payload: "{}" } : {}),
  });
  return response.statusCode;
}

const isApi = (url: string): boolean => /^\/(?:v1|metrics|healthz|readyz|openapi)/.test(url);

const isAdmitted = (status: number): boolean => status !== 401 && status !== 403;

/** Who is let in by a route: without a token, with one of scope ingest, with one of scope read. */
interface Answered {
  readonly nobody: boolean;
  readonly ingest: boolean;
  readonly read: boolean;
}

/** The law: posting is for ingest, reading for read, tokens and everything that changes something for admin only. */
function whoMay({ method, url }: { readonly method: string; readonly url: string }): Answered {
  if (OPEN.has(`${method} ${url}`)) return { nobody: true, ingest: true, read: true };
  if (method === "POST" && /\/(?:records\/:source|ccp-logs|firehose(?:\/:source)?|eventbridge)$/.test(url))
    return { nobody: false, ingest: true, read: false };
  const isReading = method === "GET" || url.startsWith("/v1/query");
  return { nobody: false, ingest: false, read: isReading && !url.startsWith("/v1/tokens") };
}

describe("with server.access: token", () => {
  test("every route is seen", () => {
    const seen = routesOf().map(({ method, url }) => `${method} ${url}`);
    for (const route of [
      "GET /v1/status",
      "POST /v1/query",
      "POST /v1/records/:source",
      "GET /metrics",
      "GET /v1/live/tail",
    ])
      expect(seen).toContain(route);
    expect(seen.length).toBeGreaterThan(20);
  });

  function isEndless(url: string): boolean {
    return url.startsWith("/v1/live/") || url === "/v1/wfm/feed";
  }

  test("each route answers those whose token is for it, whoever added the route", async () => {
    const routes = routesOf().filter((route) => isApi(route.url));
    const seen = new Map<string, Answered>();
    for (const { method, url } of routes) {
      const outcome = async (scope: AccessScope | undefined): Promise<boolean> =>
        isAdmitted(await ask(method, url, scope === undefined ? {} : { authorization: `Bearer ${tokens.get(scope)}` }));
      seen.set(`${method} ${url}`, {
        nobody: await outcome(undefined),
        ingest: await outcome("ingest"),
        // what follows live does not end by itself once it is admitted
        read: isEndless(url) || (await outcome("read")),
      });
    }
    expect(seen).toEqual(new Map(routes.map((route) => [`${route.method} ${route.url}`, whoMay(route)])));
  });

  test.each([
    "/v1/status",
    "/%76%31/status",
    "//v1/status",
    "/V1/status",
    "/v1/status/",
    "/v1/../v1/status",
    "/v1/status?x",
  ])("no spelling of an address gets around it: %s", async (url) => {
    const response = await server.app.inject({ method: "GET", url, headers: { host: "localhost" } });
    // what is no route is the page, which shows no record
    expect(response.body).not.toContain('"record_count"');
  });

  test.each<[string, number]>([
    ["fourwire.example.com", 200],
    ["FOURWIRE.example.com:443", 200],
    ["10.0.0.7:4004", 200],
    ["10.0.0.7:80", 403],
    ["localhost", 200],
    ["example.com", 403],
  ])("the name %s is answered with %i", async (host, status) => {
    expect(await ask("GET", "/v1/status", { host, authorization: `Bearer ${TOKEN}` })).toBe(status);
  });

  test("probes come by address and are told no path", async () => {
    const answer = await server.get("/healthz", { host: "192.0.2.1" });
    expect(answer).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(Object.keys(answer.body)).toEqual(["status"]);
    expect((await server.get("/readyz", { host: "192.0.2.1" })).body).toEqual({ status: "ready" });
  });
});
