import { expect, test } from "vitest";
import { bodies } from "./bodies.ts";
import { groupBy, MINUTE_MS, simulate, START } from "./run.ts";

const emissions = simulate(7, 35 * MINUTE_MS);
const calls = bodies(emissions, "cloudtrail");

test("the main flow is published at minutes 4, 12, 24 and 32 by a named person, its content masked", () => {
  const publishes = calls.filter(({ eventName }) => eventName === "UpdateContactFlowContent");
  expect(publishes.map(({ eventTime }) => (Date.parse(eventTime) - START) / MINUTE_MS)).toEqual([4, 12, 24, 32]);
  for (const { requestParameters, userIdentity } of publishes) {
    expect(requestParameters.Content).toBe("***");
    expect(userIdentity.arn).toMatch(/:assumed-role\/Deployer\/ana\.\w+@example\.com$/);
  }
});

test("contacts that enter the broken version take the error branch, and no others fail at once", () => {
  const byContact = groupBy(bodies(emissions, "flow_log"), ({ ContactId }) => ContactId);
  let broken = 0;
  for (const entries of byContact.values()) {
    const [started, ended] = entries.filter(
      ({ ContactFlowModuleType }) => ContactFlowModuleType === "InvokeExternalResource",
    );
    if (started === undefined || ended === undefined) continue;
    const enteredMs = Date.parse(entries[0]?.Timestamp ?? "") - START;
    const isBroken = enteredMs % (20 * MINUTE_MS) >= 4 * MINUTE_MS && enteredMs % (20 * MINUTE_MS) < 12 * MINUTE_MS;
    const failsAtOnce =
      ended.Results !== undefined && Date.parse(ended.Timestamp) - Date.parse(started.Timestamp) < 1_000;
    expect(failsAtOnce).toBe(isBroken);
    if (ended.Results === undefined) continue;
    expect(ended.Results).toBe("The Lambda Function Returned An Error.");
    expect(entries.some(({ ContactFlowModuleType }) => ContactFlowModuleType === "GetUserInput")).toBe(false);
    if (isBroken) broken += 1;
  }
  expect(broken).toBeGreaterThan(30);
});

test("dashboards poll each 15 s, and their reads say readOnly false", () => {
  const polls = calls.filter(({ eventName }) => eventName === "GetMetricDataV2");
  const times = polls.map(({ eventTime }) => Date.parse(eventTime));
  expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([15_000]));
  expect(new Set(polls.map(({ readOnly }) => readOnly))).toEqual(new Set([false]));
});

test("a change in the admin website is made by a person behind Connect's own role, and takes effect", () => {
  const changes = calls.filter(({ eventName }) => eventName === "UpdateUserRoutingProfile");
  expect(changes.length).toBeGreaterThan(0);
  for (const { userIdentity, sourceIPAddress } of changes) {
    expect(userIdentity.arn).toMatch(/AWSServiceRoleForAmazonConnect_\w{20}\/[0-9a-f-]{36}$/);
    expect(sourceIPAddress).toBe("connect.amazonaws.com");
  }
  const profiles = groupBy(
    bodies(emissions, "agent_event").filter(({ CurrentAgentSnapshot }) => CurrentAgentSnapshot !== null),
    ({ AgentARN }) => AgentARN,
  );
  const moved = [...profiles.values()].filter(
    (events) => new Set(events.map((event) => event.CurrentAgentSnapshot?.Configuration.RoutingProfile.ARN)).size > 1,
  );
  expect(moved.length).toBeGreaterThan(0);
});
