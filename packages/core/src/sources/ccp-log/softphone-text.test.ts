import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isUuidAt, namespaceOf, readSoftphoneText } from "./softphone-text.ts";

const CONTACT = "cccccccc-1111-4111-8111-111111111111";
const OTHER = "eeeeeeee-2222-4222-8222-222222222222";

describe("the WebRTC prefix", () => {
  test.each([
    [
      "manager, then SESSION (1.2)",
      ` ${OTHER} RtcPeerConnectionManager ${CONTACT} SESSION Lost ICE connection`,
      { category: "SESSION", contactId: CONTACT, message: "Lost ICE connection" },
    ],
    [
      "SESSION alone (older)",
      ` ${CONTACT} SESSION Lost ICE connection`,
      { category: "SESSION", contactId: CONTACT, message: "Lost ICE connection" },
    ],
    [
      "manager, then CallSession (1.3)",
      ` ${OTHER} RtcPeerConnectionManagerV2 ${CONTACT} CallSession InitialState => FailedState`,
      { category: "CallSession", contactId: CONTACT, message: "InitialState => FailedState" },
    ],
    [
      "shared signalling (1.3)",
      ` ${OTHER} RtcPeerConnectionManagerV2 ${CONTACT} SharedMediaSIGNALING PendingConnectState => PendingInviteState`,
      { category: "SharedMediaSIGNALING", contactId: CONTACT, message: "PendingConnectState => PendingInviteState" },
    ],
    [
      "a manager alone, whose id may be random",
      ` ${OTHER} RtcPeerConnectionManagerV2 ICE restart completed. Success: false`,
      {
        category: "RtcPeerConnectionManagerV2",
        contactId: undefined,
        message: "ICE restart completed. Success: false",
      },
    ],
    [
      "a manager without an id",
      " RtcPeerConnectionManagerV2 initialized",
      { category: "RtcPeerConnectionManagerV2", contactId: undefined, message: "initialized" },
    ],
    [
      "a category without an id",
      "SESSION Lost ICE connection",
      { category: "SESSION", contactId: undefined, message: "Lost ICE connection" },
    ],
    [
      "the message's own first word is kept",
      ` ${OTHER} RtcPeerConnectionManagerV2 ${CONTACT} CallSession CallSession ICE Connection State: disconnected`,
      { category: "CallSession", contactId: CONTACT, message: "CallSession ICE Connection State: disconnected" },
    ],
    [
      "an id that no category follows",
      ` ${CONTACT} something else`,
      { category: undefined, contactId: undefined, message: `${CONTACT} something else` },
    ],
    [
      "a message of many lines",
      ` ${CONTACT} SIGNALING Sending SDP v=0\r\no=- 1 2`,
      { category: "SIGNALING", contactId: CONTACT, message: "Sending SDP v=0\r\no=- 1 2" },
    ],
    [
      "no prefix",
      " [Softphone Manager] ready ",
      { category: undefined, contactId: undefined, message: "[Softphone Manager] ready" },
    ],
    [
      "only a category",
      ` ${CONTACT} SESSION`,
      { category: undefined, contactId: undefined, message: `${CONTACT} SESSION` },
    ],
    ["nothing", "  ", { category: undefined, contactId: undefined, message: "" }],
  ])("%s", (_, text, parts) => {
    expect(readSoftphoneText(text)).toEqual(parts);
  });

  test("agrees with the pattern that was checked against real captures", () => {
    const pattern =
      /^ ?([0-9a-f-]{36}) (RtcPeerConnectionManager(?:V2)?) (?:([0-9a-f-]{36}) (SESSION|SIGNALING|SharedMediaSession|SharedMediaSIGNALING|CallSession) )?([\s\S]*)$/;
    const manager = fc.constantFrom("RtcPeerConnectionManager", "RtcPeerConnectionManagerV2");
    const category = fc.constantFrom(
      "SESSION",
      "SIGNALING",
      "SharedMediaSession",
      "SharedMediaSIGNALING",
      "CallSession",
    );
    // A message that itself begins with an id and a category is a further layer for the reader, not for the pattern.
    const text = fc
      .tuple(
        fc.uuid(),
        manager,
        fc.option(fc.tuple(fc.uuid(), category), { nil: undefined }),
        fc.string({ minLength: 1 }),
      )
      .filter(([, , , message]) => message.trim() === message)
      .map(
        ([id, name, inner, message]) =>
          ` ${id} ${name} ${inner === undefined ? "" : `${inner[0]} ${inner[1]} `}${message}`,
      );
    fc.assert(
      fc.property(text, (value) => {
        const match = pattern.exec(value);
        expect(readSoftphoneText(value)).toEqual({
          category: match?.[4] ?? match?.[2],
          contactId: match?.[3],
          message: match?.[5],
        });
      }),
    );
  });
});

describe("namespaces", () => {
  test.each([
    ["[Softphone Manager] softphone manager initialization has begun", "Softphone Manager"],
    ["[httpClient]: Client HTTP Error", "httpClient"],
    ["[fac.fac-api-client]: API request failed", "fac.fac-api-client"],
    ["[GR] ACGR global signin validation listener registered", "GR"],
    ["[2026-11-20T12:08:10.255Z][INFO]AMZ_WEB_SOCKET_MANAGER: x ", undefined],
    ["[not closed", undefined],
    ["no bracket", undefined],
  ])("%s -> %s", (text, namespace) => {
    expect(namespaceOf(readSoftphoneText(text))).toBe(namespace);
  });

  test("a state in brackets behind a category is no module", () => {
    expect(
      namespaceOf(readSoftphoneText(` ${CONTACT} SESSION [TalkingState] Access Denied by server`)),
    ).toBeUndefined();
  });
});

test("a uuid is recognized wherever it stands, and nothing else is", () => {
  fc.assert(
    fc.property(fc.string(), fc.uuid(), fc.string(), (before, uuid, after) => {
      expect(isUuidAt(before + uuid + after, before.length)).toBe(true);
    }),
  );
  expect(isUuidAt("cccccccc-1111-4111-8111-11111111111g", 0)).toBe(false);
  expect(isUuidAt("cccccccc-1111-4111-8111-11111111111", 0)).toBe(false);
  expect(isUuidAt("cccccccc11111-4111-8111-1111111111111", 0)).toBe(false);
});
