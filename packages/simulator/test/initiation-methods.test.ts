import { unixMillis } from "@fourwire/core";
import { describe, expect, test } from "vitest";
import { createSimulation, type Truth } from "../src/index.ts";
import { bodies, type ContactRecordBody } from "./bodies.ts";
import { distinct, groupBy, MINUTE_MS } from "./run.ts";

// Contacts that begin in rarer ways: moved to another queue, listened to, written as an e-mail, written in answer.

const START = unixMillis(Date.parse("2026-11-02T10:00:00.000Z"));
const END = unixMillis(START + 240 * MINUTE_MS);
const truth: Truth[] = [];
const simulation = createSimulation({
  seed: 11,
  agents: 24,
  startTime: START,
  durationMs: END - START,
  preset: "centre",
  // a rush: some have to wait until another queue helps
  incidents: ["queue-full"],
  level: "ERROR",
  tell: (fact) => truth.push(fact),
});
const emissions = [...simulation.emissionsUntil(END)];
simulation.finish();

const agentEvents = bodies(emissions, "agent_event");
const contactEvents = bodies(emissions, "contact_event").map(({ detail }) => detail);
const records = new Map(bodies(emissions, "contact_record").map((record) => [record.ContactId, record]));
const listed = agentEvents.flatMap((event) =>
  (event.CurrentAgentSnapshot?.Contacts ?? []).map((contact) => ({ agent: event.AgentARN, ...contact })),
);
const of = (method: string): ContactRecordBody[] =>
  [...records.values()].filter(({ InitiationMethod }) => InitiationMethod === method);
const seconds = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000;

test("every way to begin that the simulator knows comes up, in records, agent events and contact events", () => {
  const all = ["AGENT_REPLY", "API", "CALLBACK", "INBOUND", "MONITOR", "OUTBOUND", "QUEUE_TRANSFER", "TRANSFER"];
  expect(distinct([...records.values()].map(({ InitiationMethod }) => InitiationMethod))).toEqual(all);
  expect(distinct(listed.map(({ InitiationMethod }) => InitiationMethod))).toEqual(all);
});

test("interaction, holds and pauses add up to the time between answer and after-contact work", () => {
  const legs = [...records.values()].flatMap(({ Agent, InitiationMethod }) =>
    Agent?.ConnectedToAgentTimestamp == null || InitiationMethod === "MONITOR" ? [] : [Agent],
  );
  for (const leg of legs) {
    const sum = leg.AgentInteractionDuration + leg.CustomerHoldDuration + (leg.AgentPauseDuration ?? 0);
    expect(sum).toBe(seconds(leg.ConnectedToAgentTimestamp, leg.AfterContactWorkStartTimestamp));
  }
  expect(legs.filter(({ AgentPauseDuration }) => (AgentPauseDuration ?? 0) > 0).length).toBeGreaterThan(0);
});

describe("a queue transfer", () => {
  test("ends one contact in its queue and begins another in the next", () => {
    const moved = of("QUEUE_TRANSFER");
    expect(moved.length).toBeGreaterThan(0);
    for (const next of moved) {
      const previous = records.get(next.PreviousContactId ?? "");
      expect(previous).toMatchObject({ NextContactId: next.ContactId, Agent: null });
      expect(previous?.TransferCompletedTimestamp).toBe(previous?.DisconnectTimestamp);
      expect(next.InitialContactId).toBe(previous?.InitialContactId ?? previous?.ContactId);
      expect(next.Queue?.EnqueueTimestamp).toBe(previous?.Queue?.DequeueTimestamp);
    }
  });

  test("is what the customer queue flow logged, and the next contact logs without switching logging on", () => {
    const byContact = groupBy(bodies(emissions, "flow_log"), ({ ContactId }) => ContactId);
    for (const { ContactId, PreviousContactId } of of("QUEUE_TRANSFER")) {
      const last = byContact.get(PreviousContactId ?? "")?.at(-1);
      expect(last).toMatchObject({ ContactFlowModuleType: "Transfer", Results: "false" });
      const own = (byContact.get(ContactId) ?? []).map(({ ContactFlowModuleType }) => ContactFlowModuleType);
      expect(own).not.toContain("SetLoggingBehavior");
      expect(own).toContain("AddToPlayLoop");
    }
  });
});

describe("a supervisor who listens", () => {
  const heard = of("MONITOR");

  test("has a contact of their own that is linked to the call", () => {
    expect(heard.length).toBeGreaterThan(3);
    for (const record of heard) {
      const call = records.get(record.PreviousContactId ?? "");
      // a call that was still going on at the end has no record yet
      if (call === undefined) continue;
      expect(record.InitialContactId).toBe(call.InitialContactId ?? call.ContactId);
      expect(record.Agent?.ARN).not.toBe(call.Agent?.ARN);
      expect(record.DisconnectTimestamp <= call.DisconnectTimestamp).toBe(true);
    }
  });

  test("is connected from the beginning and never in after-contact work", () => {
    const states = listed.filter(({ InitiationMethod }) => InitiationMethod === "MONITOR").map(({ State }) => State);
    expect(distinct(states)).toEqual(["CONNECTED"]);
    const supervisors = new Set(heard.map(({ Agent }) => Agent?.ARN));
    const methods = listed
      .filter(({ agent }) => supervisors.has(agent))
      .map(({ InitiationMethod }) => InitiationMethod);
    expect(distinct(methods)).toEqual(["MONITOR"]);
    expect(heard.filter(({ Agent }) => Agent?.AfterContactWorkStartTimestamp !== null)).toEqual([]);
  });

  test("interacts only where they join in", () => {
    for (const { Agent } of heard) {
      const states = (Agent?.StateTransitions ?? []).map(({ State }) => State);
      expect(states[0]).toBe("SILENT_MONITOR");
      expect((Agent?.AgentInteractionDuration ?? 0) > 0).toBe(states.includes("BARGE"));
    }
  });

  test("is in the trail", () => {
    const calls = bodies(emissions, "cloudtrail").filter(({ eventName }) => eventName === "MonitorContact");
    const listening = contactEvents.filter(({ eventType }) => eventType === "INITIATED");
    expect(calls.length).toBeGreaterThanOrEqual(heard.length);
    const known = new Set(listening.map(({ contactId }) => contactId));
    expect(calls.filter(({ requestParameters }) => !known.has(requestParameters.ContactId ?? ""))).toEqual([]);
  });
});

describe("an e-mail", () => {
  const emails = [...records.values()].filter(({ Channel }) => Channel === "EMAIL");
  const replies = of("AGENT_REPLY");

  test("comes by mail or by the website's form", () => {
    const methods = distinct(emails.map(({ InitiationMethod }) => InitiationMethod));
    expect(methods).toEqual(["AGENT_REPLY", "API", "INBOUND"]);
    expect(emails.filter(({ SegmentAttributes }) => SegmentAttributes["connect:EmailSubject"] === undefined)).toEqual(
      [],
    );
  });

  test("is answered by a contact of its own in the same thread", () => {
    expect(replies.length).toBeGreaterThan(2);
    for (const reply of replies) {
      const question = records.get(reply.RelatedContactId ?? "");
      if (question === undefined) continue;
      expect(question.Agent?.ARN).toBe(reply.Agent?.ARN);
      expect(reply.ContactAssociationId).toBe(question.ContactAssociationId);
      expect(reply).toMatchObject({ InitialContactId: null, PreviousContactId: null, Queue: null });
      expect(reply.DisconnectTimestamp <= question.DisconnectTimestamp).toBe(true);
    }
  });

  test("that was closed without an answer says so", () => {
    const answered = new Set(
      replies
        .filter(({ DisconnectReason }) => DisconnectReason !== "DISCARDED")
        .map(({ RelatedContactId }) => RelatedContactId),
    );
    const questions = emails.filter(
      ({ InitiationMethod, Agent }) => InitiationMethod !== "AGENT_REPLY" && Agent !== null,
    );
    for (const { ContactId, DisconnectReason } of questions)
      expect(DisconnectReason).toBe(answered.has(ContactId) ? "OTHER" : "AGENT_DISCONNECT");
  });
});

test("the truth has a line for each of them", () => {
  const told = new Map(truth.flatMap((fact) => (fact.kind === "contact" ? [[fact.contact_id, fact]] : [])));
  for (const { ContactId, InitiationMethod, Channel } of records.values())
    expect(told.get(ContactId)).toMatchObject({ initiation_method: InitiationMethod, channel: Channel });
});
