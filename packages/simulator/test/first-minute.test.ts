import { expect, test } from "vitest";
import { bodies } from "./bodies.ts";
import { simulate, START } from "./run.ts";

// A demo has one minute to show what the product is for: one contact with every lane filled.

const SEEDS = Array.from({ length: 25 }, (_, seed) => seed);

test.each(SEEDS)(
  "with seed %i the first contact is answered within 45 s and has every lane within a minute",
  (seed) => {
    const minute = simulate(seed, 60_000);
    const events = bodies(minute, "contact_event").map(({ detail }) => detail);
    const contactId = events[0]?.contactId ?? "";
    const named = minute.filter(({ body }) => body.includes(contactId));
    const types = events.filter((event) => event.contactId === contactId).map(({ eventType }) => eventType);
    expect(types).toEqual(["INITIATED", "QUEUED", "CONNECTED_TO_AGENT"]);
    const connected = named.find(({ body }) => body.includes('"eventType":"CONNECTED_TO_AGENT"'));
    expect(connected?.time).toBeLessThan(START + 45_000);
    expect(bodies(named, "flow_log").map((entry) => entry.ContactFlowModuleType)).toEqual([
      "SetLoggingBehavior",
      "SetRecordingBehavior",
      "PlayPrompt",
      "CheckHoursOfOperation",
      "InvokeExternalResource",
      "InvokeExternalResource",
      "CheckAttribute",
      "GetUserInput",
      "GetUserInput",
      "SetAttributes",
      "SetAttributes",
      "SetAttributes",
      "SetQueue",
      "CheckStaffing",
      "Transfer",
      "AddToPlayLoop",
      "AddToPlayLoop",
      "AddToPlayLoop",
      // what the agent hears, and then the customer
      "PlayPrompt",
      "Resume",
      "PlayPrompt",
      "Resume",
    ]);
    expect(bodies(named, "cloudtrail").map(({ eventName }) => eventName)).toEqual([
      "UpdateContactAttributes",
      "GetContactAttributes",
    ]);
    const states = bodies(named, "agent_event").map((event) => event.CurrentAgentSnapshot?.Contacts[0]?.State);
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      "CONNECTING",
      "CONNECTED",
      "CONNECTED_ONHOLD",
      "CONNECTED",
    ]);
    const agentId = bodies(named, "agent_event")[0]?.AgentARN.split("/").at(-1);
    const log = bodies(minute, "ccp_log").filter(({ agentResourceId }) => agentResourceId === agentId);
    const texts = log.map(({ text }) => text);
    expect(texts).toContainEqual(
      expect.stringContaining(`Softphone call detected: contactId ${contactId} agent connectionId `),
    );
    expect(texts).toContainEqual(expect.stringMatching(/^ sendSoftphoneMetrics success\[\{/));
    expect(texts).toContainEqual(
      expect.stringContaining("ICE connection lost - incrementing iceConnectionsLost counter"),
    );
    expect(texts).toContainEqual(expect.stringContaining("ICE restart event: success=true"));
    expect(texts).toContainEqual(`Publishing event: contact::connected::${contactId}`);
  },
);
