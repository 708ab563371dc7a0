import { expect, test } from "vitest";
import { serverUrlOf, settingsOf, type SimulateFlags } from "./simulate-flags.ts";

const FLAGS: SimulateFlags = {
  agents: "5",
  duration: "1h",
  seed: "7",
  level: "INFO",
  speed: "max",
  eventSource: "fourwire.simulator",
};

test("a server's address keeps its path and loses its slash", () => {
  expect(serverUrlOf("https://logs.example.com/fourwire/")).toBe("https://logs.example.com/fourwire");
});

test.each(["not-a-url", "127.0.0.1:4004", "ftp://example.com", ""])("%j is no address of a server", (to) => {
  expect(() => serverUrlOf(to)).toThrow(
    `--to must be the address of a server such as http://127.0.0.1:4004, not "${to}"`,
  );
});

test.each([
  ["ice-los", 'there is no scenario "ice-los": did you mean "ice-loss"? fourwire simulate --list shows all'],
  ["nope", 'there is no scenario "nope": fourwire simulate --list shows all'],
])("the scenario %s does not exist", (scenario, message) => {
  expect(() => settingsOf({ ...FLAGS, scenario }, 0)).toThrow(message);
});
