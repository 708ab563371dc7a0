import { expect, test } from "vitest";
import { groupBy, MINUTE_MS, simulate } from "./run.ts";

// The simulated centre's own flows, as its log shows them.

interface Entry {
  readonly ContactId: string;
  readonly ContactFlowId: string;
  readonly ContactFlowName: string;
  readonly ContactFlowModuleType: string;
  readonly Parameters?: { readonly LoggingBehavior?: string; readonly Text?: string };
  readonly ModuleExecutionStack?: readonly string[];
}

const emissions = simulate(7, 60 * MINUTE_MS).filter(({ source }) => source === "flow_log");
const entries = emissions.map(({ body }): Entry => JSON.parse(body));
const byContact = [...groupBy(entries, ({ ContactId }) => ContactId).values()];

test("a card number is asked for while logging is off: the log has a gap, and nothing of what was typed", () => {
  const trails = byContact.filter((trail) => trail.some(({ ContactFlowName }) => ContactFlowName === "Card entry"));
  expect(trails.length).toBeGreaterThan(10);
  const seen = new Set(
    trails.map((trail) =>
      trail
        .filter(({ ContactFlowName }) => ContactFlowName === "Card entry")
        .map(({ ContactFlowModuleType, Parameters }) => Parameters?.LoggingBehavior ?? ContactFlowModuleType)
        .join(", "),
    ),
  );
  // whoever is cut off inside the module leaves the gap open
  expect([...seen].filter((words) => words !== "Disable, Enable, ReturnFromFlowModule" && words !== "Disable")).toEqual(
    [],
  );
  expect(seen).toContain("Disable, Enable, ReturnFromFlowModule");
  expect(emissions.filter(({ body }) => body.includes("StoreUserInput") || body.includes("card-check"))).toEqual([]);
});

test("a module's entries name the module, and the flow that called it", () => {
  const inside = entries.filter(({ ContactFlowName }) => ContactFlowName === "Card entry");
  const main = entries.find(({ ContactFlowName }) => ContactFlowName === "Main inbound");
  for (const { ContactFlowId, ModuleExecutionStack } of inside) {
    expect(ContactFlowId).toContain("/flow-module/");
    expect(ModuleExecutionStack).toEqual([ContactFlowId, main?.ContactFlowId]);
  }
});

test("a call handed to a colleague logs under its new contact, without switching logging on itself", () => {
  const trails = byContact.filter((trail) => trail[0]?.ContactFlowName === "Agent transfer");
  expect(trails.length).toBeGreaterThan(0);
  for (const trail of trails) {
    expect(trail.map(({ ContactFlowModuleType }) => ContactFlowModuleType)).not.toContain("SetLoggingBehavior");
  }
});

test("whispers say the queue to the agent, after the queue's loop and before anything else", () => {
  const whispers = entries.filter(
    ({ ContactFlowName, ContactFlowModuleType }) =>
      ContactFlowName === "Agent whisper" && ContactFlowModuleType === "PlayPrompt",
  );
  expect(new Set(whispers.map(({ Parameters }) => Parameters?.Text))).toEqual(new Set(["Support", "Sales", "Billing"]));
});
