import { unixMillis } from "@fourwire/core";
import { expect, test } from "vitest";
import { createSimulation } from "../src/index.ts";
import { LOGGED_RESPONSES, REDACTED_RESPONSES } from "../src/wires/api-redaction.ts";
import { MINUTE_MS } from "./run.ts";

// Amazon's page on CloudTrail names two families of calls: those whose responses are logged, and those whose are redacted.

interface ApiCall {
  readonly eventName: string;
  readonly eventSource: string;
  readonly responseElements: object | null;
}

const START = unixMillis(Date.parse("2026-11-02T00:00:00.000Z"));
const DAYS_MS = 3 * 24 * 60 * MINUTE_MS;
const simulation = createSimulation({
  seed: 1,
  agents: 4,
  startTime: START,
  durationMs: DAYS_MS,
  preset: "centre",
  level: "ERROR",
  incidents: ["toll-fraud", "bad-flow-publish"],
});
const calls = [...simulation.emissionsUntil(unixMillis(START + DAYS_MS))]
  .filter(({ source }) => source === "cloudtrail")
  .map(({ body }): ApiCall => JSON.parse(body));
const named = (names: ReadonlySet<string>) => calls.filter(({ eventName }) => names.has(eventName));

test("both families are as long as the page's lists", () => {
  expect([LOGGED_RESPONSES.size, REDACTED_RESPONSES.size]).toEqual([23 + 4, 20 + 1]);
});

test("every call of both families comes up within three days", () => {
  const seen = new Set(calls.map(({ eventName }) => eventName));
  expect([...LOGGED_RESPONSES, ...REDACTED_RESPONSES].filter((name) => !seen.has(name))).toEqual([]);
});

test("no response of the second family is ever shown", () => {
  expect(named(REDACTED_RESPONSES).filter(({ responseElements }) => responseElements !== null)).toEqual([]);
});

test("calls of the first family that answer something show it", () => {
  const answering = [
    "CreateUser",
    "CreateRoutingProfile",
    "CreateContactFlow",
    "StartChatContact",
    "StartOutboundVoiceContact",
    "SendMessage",
  ];
  expect(named(new Set(answering)).filter(({ responseElements }) => responseElements === null)).toEqual([]);
});

test("the participant's calls are of the Participant Service", () => {
  const participant = named(
    new Set(["SendMessage", "SendEvent", "GetTranscript", "CreateParticipantConnection", "DisconnectParticipant"]),
  );
  expect(new Set(participant.map(({ eventSource }) => eventSource))).toEqual(
    new Set(["connectparticipant.amazonaws.com"]),
  );
});
