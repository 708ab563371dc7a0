import { afterAll, beforeAll, expect, test } from "vitest";
import { ccpLine, TemporaryServer, toLines } from "../../test/temporary-server.ts";

let server: TemporaryServer;

beforeAll(async () => {
  server = await TemporaryServer.create();
});

afterAll(async () => {
  await server.remove();
});

test("a scrape tells what was stored and how long requests took, by pattern", async () => {
  await server.ingest("ccp_log", toLines([ccpLine("one"), ccpLine("two", 5), { not: "ours" }]));
  await server.get("/v1/contacts/nobody");
  const response = await server.app.inject({ method: "GET", url: "/metrics" });
  expect(response.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = response.body.split("\n");
  expect(lines).toContain('fourwire_source_records{source="ccp_log"} 2');
  expect(lines).toContain(
    'fourwire_http_request_duration_seconds_count{method="POST",route="/v1/records/:source",status="200"} 1',
  );
  expect(lines).toContain(
    'fourwire_http_request_duration_seconds_count{method="GET",route="/v1/contacts/:id",status="404"} 1',
  );
  expect(response.body).not.toContain("nobody");
});
