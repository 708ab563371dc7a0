import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import type { Carrier } from "../../source.ts";
import { ccpLogSource } from "./ccp-log.ts";
import { SoftphoneCalls } from "./softphone-calls.ts";

const CONTACT = "cccccccc-1111-4111-8111-111111111111";
const AGENT = "99999999-aaaa-bbbb-cccc-dddddddddddd";
const MINIMAL = {
  component: "ccp",
  level: "INFO",
  text: "Agent initialized",
  time: "2026-11-20T12:08:10.255Z",
  loggerId: "1795176490201-gmihrgp6jbg",
};

function decodeBody(body: string, carrier?: Carrier, memory?: unknown) {
  const value: JsonObject = JSON.parse(body);
  const received = { value, body, carrier };
  const decoded = ccpLogSource.decode(received);
  if (!decoded.ok) return decoded.rejected;
  return ccpLogSource.normalize(decoded.value, received, {
    digest: (text) => createHash("sha256").update(text).digest("base64url"),
    observedTime: unixMillis(1_800_000_000_000),
    memory,
  });
}

function normalizeBody(body: string, carrier?: Carrier, memory?: unknown): SourceRecord {
  const outcome = decodeBody(body, carrier, memory);
  if ("reason" in outcome) throw new Error(`rejected: ${outcome.reason} ${outcome.detail}`);
  return outcome;
}

function normalizeEntry(fields: object, carrier?: Carrier, memory?: unknown): SourceRecord {
  return normalizeBody(JSON.stringify({ ...MINIMAL, ...fields }), carrier, memory);
}

function readLines(name: string): readonly string[] {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
}

/** Event name, severity and contact source of every entry of a sequence, as one stream. */
function tellSequence(name: string) {
  const memory = new SoftphoneCalls();
  return readLines(name)
    .map((body) => normalizeBody(body, undefined, memory))
    .map((row) => [row.event_name, row.severity_number, row.contact_id_source]);
}

describe("recognizing", () => {
  test.each([
    [{ component: "ccp", level: "INFO", text: "" }, true],
    [{ loggerId: "l", level: "INFO", text: "" }, true],
    [{ level: "INFO", text: "" }, false],
    [{ component: "ccp", level: "INFO" }, false],
    [{ component: "ccp", text: "x" }, false],
    [{ component: "ccp", level: 30, text: "x" }, false],
  ])("%j: %s", (value, isCcpLog) => {
    expect(ccpLogSource.recognize(value)).toBe(isCcpLog);
  });
});

describe("entries of the real library", () => {
  const [first = "", softphone = "", worker = "", snapshot = ""] = readLines("entry-shapes.ndjson");

  test("the first entry of a page has no tab and no agent yet; the whole row", () => {
    expect(normalizeBody(first)).toEqual({
      record_id: expect.stringMatching(/^[\w~]{8}[\w-]{16}$/),
      source: "ccp_log",
      instance_id: undefined,
      account_id: undefined,
      region: undefined,
      event_name: "log",
      event_time: Date.parse("2026-11-20T12:08:10.255Z"),
      observed_time: 1_800_000_000_000,
      severity_number: 9,
      severity_text: "INFO",
      contact_id: undefined,
      agent_id: undefined,
      agent_username: undefined,
      flow_id: undefined,
      session_id: "1795176490201-gmihrgp6jbg",
      message: "[GR] ACGR global signin validation listener registered",
      attributes: undefined,
      original_id: undefined,
      original_body: first,
      component: "ccp",
      inferred_component: "ccp",
      context_layer: "CCP",
      category: undefined,
      namespace: "GR",
      tab_id: undefined,
      line: 0,
      contact_id_source: undefined,
      operation: undefined,
      exception_type: undefined,
      exception_message: undefined,
      is_internal: undefined,
      group_id: undefined,
    });
  });

  test("a softphone entry begins with a space, which the message does not", () => {
    expect(normalizeBody(softphone)).toMatchObject({
      message: "[Softphone Manager] softphone manager initialization has begun",
      inferred_component: "softphone",
      namespace: "Softphone Manager",
      tab_id: "1795176490468-aky118iyrno",
      line: 13,
      agent_id: AGENT,
    });
  });

  test("the SharedWorker has a null tab and a logger of its own", () => {
    expect(normalizeBody(worker)).toMatchObject({
      tab_id: undefined,
      context_layer: "SharedWorker",
      session_id: "1795176490455-zjhfnhml27",
      event_name: "api_call",
      operation: "getAgentSnapshot",
      severity_number: 1,
    });
  });

  test("a snapshot gives instance, account and Region", () => {
    const row = normalizeBody(snapshot, { accountId: "999999999999", region: "eu-west-1" });
    expect(row).toMatchObject({
      event_name: "snapshot",
      instance_id: "11111111-2222-4333-8444-555555555555",
      account_id: "123456789012",
      region: "us-east-1",
      contact_id: undefined,
    });
    expect(JSON.parse(row.attributes ?? "")).toMatchObject({ objects: [{ snapshot: { skew: -4 } }] });
  });
});

describe("Operata's event", () => {
  const event = JSON.parse(readLines("operata-event.json").join("\n"));

  test("its entries are rows with the agent's login name and the group", () => {
    const rows = event.detail.logs.map((log: object) =>
      normalizeBody(JSON.stringify(log), { origin: event.detail.groupId }),
    );
    const shared = {
      agent_username: "anh",
      agent_id: undefined,
      is_internal: false,
      line: 0,
      group_id: "5bbbd17a-fd70-45ad-a048-c4674035f406",
      session_id: "1764196907717-9cewf459haf",
      event_name: "api_failed",
      operation: undefined,
    };
    expect(rows).toMatchObject([
      { ...shared, severity_number: 13, namespace: "httpClient", message: "[httpClient]: Client HTTP Error" },
      {
        ...shared,
        severity_number: 17,
        namespace: "fac.fac-api-client",
        message: "[fac.fac-api-client]: API request failed",
      },
    ]);
  });
});

describe("sequences", () => {
  test("a call without ICE candidate, rtc 1.3: every line finds the contact", () => {
    expect(tellSequence("v2-ice-collection-timeout.ndjson")).toEqual([
      ["call_started", 9, "text"],
      ["log", 10, "category"],
      ["ice_no_candidate", 17, "category"],
      ["session_state", 9, "category"],
      ["session_failed", 17, "open_call"],
      ["log", 9, "category"],
      ["session_failed", 17, "category"],
      ["session_state", 9, "category"],
      ["session_failed", 17, "category"],
      ["softphone_error", 17, "open_call"],
      ["call_report", 9, "open_call"],
      ["session_failed", 17, "open_call"],
      ["softphone_error", 17, "open_call"],
      ["call_report", 9, "open_call"],
    ]);
  });

  test("an API failure on accept", () => {
    expect(tellSequence("accept-api-500.ndjson")).toEqual([
      ["accept_failed", 17, undefined],
      ["api_failed", 17, "object"],
      ["api_failed", 1, undefined],
      ["event", 1, undefined],
      ["event", 1, "text"],
    ]);
  });

  test("a WebSocket loss is the one WARN line", () => {
    expect(tellSequence("websocket-drop.ndjson").map(([name]) => name)).toEqual([
      "websocket",
      "websocket",
      "websocket_lost",
      "websocket",
      "api_call",
      "api_reply",
      "log",
      "websocket",
      "event",
    ]);
  });

  test("TURN killed in a call, rtc 1.3: the loss is raised above INFO", () => {
    expect(tellSequence("v2-turn-killed.ndjson").map(([name, severity]) => [name, severity])).toEqual([
      ["ice_state", 9],
      ["ice_lost", 13],
      ["ice_state", 9],
      ["ice_state", 9],
      ["ice_lost", 13],
      ["ice_restart", 9],
      ["log", 9],
      ["ice_restart", 9],
      ["log", 5],
      ["log", 5],
      ["peer_connection_state", 13],
      ["peer_connection_failed", 13],
      ["ice_no_candidate", 13],
      ["ice_no_candidate", 17],
      ["ice_restart_failed", 13],
      ["ice_restart_failed", 13],
    ]);
  });

  test("TURN killed in a call, rtc 1.2: without a single ERROR line the loss is still seen", () => {
    const rows = readLines("v1-turn-killed.ndjson").map((body) => normalizeBody(body));
    expect(rows.map((row) => [row.event_name, row.severity_number, row.severity_text, row.category])).toEqual([
      ["ice_state", 9, "INFO", "SESSION"],
      ["ice_lost", 13, "INFO", "SESSION"],
      ["ice_lost", 13, "INFO", "SESSION"],
      ["peer_connection_state", 13, "INFO", "SESSION"],
    ]);
    expect(new Set(rows.map((row) => row.contact_id))).toEqual(new Set(["cccccccc-2222-4222-8222-222222222222"]));
  });

  test("metrics name no contact and belong to the call that is open in their browser context", () => {
    const memory = new SoftphoneCalls();
    const [metrics = ""] = readLines("softphone-metrics.ndjson");
    expect(normalizeBody(metrics, undefined, memory)).toMatchObject({
      contact_id: undefined,
      contact_id_source: undefined,
    });
    normalizeEntry(
      { text: ` Softphone call detected: contactId ${CONTACT} agent connectionId ${AGENT}` },
      undefined,
      memory,
    );
    expect(normalizeBody(metrics, undefined, memory)).toMatchObject({
      contact_id: CONTACT,
      contact_id_source: "open_call",
    });
    normalizeEntry(
      { text: `Publishing event: contact::ended::${CONTACT}`, time: "2026-11-20T12:08:20.000Z" },
      undefined,
      memory,
    );
    expect(normalizeBody(metrics, undefined, memory).contact_id).toBeUndefined();
  });

  test("an entry that has nothing to do with the softphone is not given to the open call", () => {
    const memory = new SoftphoneCalls();
    normalizeEntry(
      { text: ` Softphone call detected: contactId ${CONTACT} agent connectionId ${AGENT}` },
      undefined,
      memory,
    );
    expect(normalizeEntry({}, undefined, memory).contact_id).toBeUndefined();
    expect(normalizeEntry({ text: "sendSoftphoneMetrics success[]" }, undefined, memory).contact_id).toBe(CONTACT);
    expect(normalizeEntry({ text: " x", loggerId: "other" }, undefined, memory).contact_id).toBeUndefined();
  });
});
