import { expect, test } from "vitest";
import { bodies, softphoneSamples } from "./bodies.ts";
import { distinct, groupBy, MINUTE_MS, simulate, START } from "./run.ts";

const HOURS = 3;
const emissions = simulate(7, HOURS * 60 * MINUTE_MS);
const agentEvents = bodies(emissions, "agent_event");
const contactEvents = bodies(emissions, "contact_event").map(({ detail }) => detail);
const records = bodies(emissions, "contact_record");
const initiated = new Set(
  contactEvents.filter(({ eventType }) => eventType === "INITIATED").map(({ contactId }) => contactId),
);

test("every contact that any wire names was initiated", () => {
  const named = [
    ...agentEvents.flatMap((event) => (event.CurrentAgentSnapshot?.Contacts ?? []).map((contact) => contact.ContactId)),
    ...bodies(emissions, "flow_log").map(({ ContactId }) => ContactId),
    ...records.map(({ ContactId }) => ContactId),
    ...records.flatMap(({ NextContactId, PreviousContactId }) =>
      [NextContactId, PreviousContactId].filter((id) => id !== null),
    ),
    ...bodies(emissions, "cloudtrail")
      .map(({ requestParameters }) => requestParameters.ContactId ?? requestParameters.InitialContactId)
      .filter((id) => id !== undefined),
    ...bodies(emissions, "ccp_log").flatMap(({ text }) => /contact::\w+::(\S+)$/.exec(text)?.slice(1) ?? []),
  ];
  expect(named.filter((id) => !initiated.has(id))).toEqual([]);
  expect(named.length).toBeGreaterThan(1_000);
});

test("every contact ends in the order of its events, and its records are told apart by their last update", () => {
  const order = ["INITIATED", "QUEUED", "CONNECTED_TO_SYSTEM", "CONNECTED_TO_AGENT", "DISCONNECTED", "COMPLETED"];
  const byContact = groupBy(contactEvents, ({ contactId }) => contactId);
  for (const events of byContact.values()) {
    const ranks = events.map(({ eventType }) => order.indexOf(eventType));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  }
  const recorded = records.map(({ ContactId, LastUpdateTimestamp }) => `${ContactId} ${LastUpdateTimestamp}`);
  expect(new Set(recorded).size).toBe(recorded.length);
});

test("an agent's previous snapshot is the current one of the event before", () => {
  for (const events of groupBy(agentEvents, ({ AgentARN }) => AgentARN).values()) {
    const pairs = events.map((event, index) => ({ event, before: events[index - 1] }));
    const changes = pairs.filter(({ event }) => event.EventType === "STATE_CHANGE");
    const previous = changes.map(({ event }) => event.PreviousAgentSnapshot);
    expect(previous).toEqual(changes.map(({ before }) => before?.CurrentAgentSnapshot));
  }
});

test("a login has no snapshots and the first status no previous one", () => {
  const byAgent = groupBy(agentEvents, ({ AgentARN }) => AgentARN);
  for (const [first, second] of byAgent.values()) {
    expect(first).toMatchObject({ EventType: "LOGIN", CurrentAgentSnapshot: null, PreviousAgentSnapshot: null });
    expect(second).toMatchObject({ EventType: "STATE_CHANGE", PreviousAgentSnapshot: null });
  }
});

test("a logout follows the Offline status and repeats it", () => {
  const logOuts = agentEvents.filter(({ EventType }) => EventType === "LOGOUT");
  expect(logOuts.length).toBeGreaterThan(0);
  for (const event of logOuts) {
    expect(event.CurrentAgentSnapshot).toEqual(event.PreviousAgentSnapshot);
    expect(event.CurrentAgentSnapshot?.AgentStatus).toMatchObject({ Name: "Offline", Type: "OFFLINE" });
  }
});

test("heartbeats sit on a 120 s phase and come only after 120 s of silence", () => {
  for (const events of groupBy(agentEvents, ({ AgentARN }) => AgentARN).values()) {
    const times = events.map(({ EventTimestamp }) => Date.parse(EventTimestamp));
    const phases = times
      .filter((_, index) => events[index]?.EventType === "HEART_BEAT")
      .map((time) => (time - START) % 120_000);
    expect(new Set(phases).size).toBeLessThanOrEqual(1);
    const silences = times
      .map((time, index) => time - (times[index - 1] ?? 0))
      .filter((_, index) => events[index]?.EventType === "HEART_BEAT");
    expect(silences.filter((silenceMs) => silenceMs < 120_000)).toEqual([]);
  }
  expect(agentEvents.filter(({ EventType }) => EventType === "HEART_BEAT").length).toBeGreaterThan(100);
});

test("every way a contact can go is taken", () => {
  const states = agentEvents.flatMap((event) =>
    (event.CurrentAgentSnapshot?.Contacts ?? []).map((contact) => contact.State),
  );
  expect(distinct(states)).toEqual([
    "CONNECTED",
    "CONNECTED_ONHOLD",
    "CONNECTING",
    "ENDED",
    "INCOMING",
    "MISSED",
    "REJECTED",
  ]);
  const statuses = agentEvents.flatMap((event) => event.CurrentAgentSnapshot?.AgentStatus.Name ?? []);
  expect(distinct(statuses)).toEqual(["Available", "Break", "Lunch", "Offline", "Training"]);
  expect(records.some(({ Agent, Queue }) => Agent === null && Queue !== null)).toBe(true);
  expect(records.some(({ Agent, Queue }) => Agent === null && Queue === null)).toBe(true);
  expect(records.some(({ AgentConnectionAttempts }) => AgentConnectionAttempts > 1)).toBe(true);
});

test("contact records keep the identities of real ones", () => {
  const queued = records.flatMap(({ Queue }) => Queue ?? []);
  const inQueue = queued.map(({ DequeueTimestamp, EnqueueTimestamp }) =>
    secondsBetween(EnqueueTimestamp, DequeueTimestamp),
  );
  expect(inQueue).toEqual(queued.map(({ Duration }) => Duration));
  const legs = records.flatMap(({ Agent }) => (Agent?.ConnectedToAgentTimestamp == null ? [] : [Agent]));
  const withAgent = legs.map((leg) =>
    secondsBetween(leg.ConnectedToAgentTimestamp, leg.AfterContactWorkStartTimestamp),
  );
  expect(withAgent).toEqual(legs.map((leg) => leg.AgentInteractionDuration + leg.CustomerHoldDuration));
  expect(legs.filter(({ AgentInteractionDuration }) => AgentInteractionDuration <= 0)).toEqual([]);
});

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

test("contact records follow the end of after-contact work by about a minute, and some come again", () => {
  const first = [...groupBy(records, ({ ContactId }) => ContactId).values()].flatMap(([record]) => record ?? []);
  expect(first.length).toBeLessThan(records.length);
  for (const { Agent, DisconnectTimestamp, LastUpdateTimestamp } of first) {
    const end = Date.parse(Agent?.AfterContactWorkEndTimestamp ?? DisconnectTimestamp);
    const delayMs = Date.parse(LastUpdateTimestamp) - end;
    expect(delayMs).toBeGreaterThanOrEqual(59_000);
    expect(delayMs).toBeLessThanOrEqual(72_000);
  }
});

test("a transfer chains two contacts, both ways, and the second agent is another person", () => {
  const byId = new Map(records.map((record) => [record.ContactId, record]));
  const transferred = records.filter(
    ({ InitiationMethod, Agent }) => InitiationMethod === "TRANSFER" && Agent !== null,
  );
  const pairs = transferred.flatMap((next) => {
    const previous = byId.get(next.PreviousContactId ?? "");
    return previous === undefined ? [] : [{ previous, next }];
  });
  expect(pairs.length).toBeGreaterThan(3);
  const kinds = new Set(pairs.map(({ previous }) => previous.TransferCompletedTimestamp === null));
  expect(kinds).toEqual(new Set([true, false]));
  for (const { previous, next } of pairs) {
    expect(next.InitialContactId).toBe(previous.InitialContactId ?? previous.ContactId);
    expect(previous.NextContactId).toBe(next.ContactId);
    const left = previous.Agent?.AfterContactWorkStartTimestamp ?? "";
    const answered = next.Agent?.ConnectedToAgentTimestamp ?? "";
    // completed where the first agent left before the second answered; left out where the three talked
    expect(previous.TransferCompletedTimestamp).toBe(left < answered ? left : null);
    expect(next.Agent?.ARN).not.toBe(previous.Agent?.ARN);
  }
});

test("one agent handles contacts and sends no CCP log", () => {
  const loggedIn = new Set(agentEvents.map(({ AgentARN }) => AgentARN.split("/").at(-1)));
  const logging = new Set(bodies(emissions, "ccp_log").map(({ agentResourceId }) => agentResourceId));
  const silent = [...loggedIn].flatMap((id) => (id === undefined || logging.has(id) ? [] : [id]));
  expect(silent.length).toBe(1);
  expect(records.some(({ Agent }) => Agent?.ARN.endsWith(silent[0] ?? "-"))).toBe(true);
});

test("samples around an ICE loss stop, and lose packets before and after", () => {
  const samples = softphoneSamples(emissions).flat();
  const input = samples.filter(({ softphoneStreamType }) => softphoneStreamType === "audio_input");
  expect(input.some(({ packetsCount }) => packetsCount === 0)).toBe(true);
  expect(input.some(({ packetsLost, jitterBufferMillis }) => (packetsLost ?? 0) >= 4 && jitterBufferMillis >= 38)).toBe(
    true,
  );
  expect(input.filter(({ packetsCount }) => packetsCount >= 48).length / input.length).toBeGreaterThan(0.95);
});

test("the clock skew that snapshots report is the browser's, with the opposite sign", () => {
  const skews = bodies(emissions, "ccp_log")
    .filter(({ text }) => text === "GET_AGENT_SNAPSHOT succeeded.")
    .flatMap(({ objects }) => objects)
    .map(({ snapshot }) => ({
      reported: snapshot.skew,
      measured: Date.parse(snapshot.snapshotTimestamp) - snapshot.localTimestamp,
    }));
  expect(skews.filter(({ reported, measured }) => reported !== measured)).toEqual([]);
  expect(skews.some(({ reported }) => reported < -2_000)).toBe(true);
});
