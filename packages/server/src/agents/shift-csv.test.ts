import { expect, test } from "vitest";
import { parseShiftCsv } from "./shift-csv.ts";

function told(text: string): { readonly taken: readonly string[]; readonly rejected: readonly string[] } {
  const { activities, rejected } = parseShiftCsv(text, "Europe/Berlin");
  return {
    taken: activities.map(({ agent, start, end, activity, statuses }) =>
      `${agent} ${new Date(start).toISOString()} ${new Date(end).toISOString()} ${activity} ${statuses.join("+")}`.trim(),
    ),
    rejected: rejected.map(({ line, reason }) => `${line}: ${reason}`),
  };
}

const HEAD = ["Agent", "Start", "End", "Activity", "Productive", "Statuses"];
const ROWS = [
  ["ana.ruiz", "2026-10-24 22:00", "2026-10-25 06:00", "Work, nights", "yes", "Available|Chat"],
  ["ben.ho", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z", "Lunch", "no", ""],
];

test.each([
  ["commas", ","],
  ["semicolons, as spreadsheets of many countries write", ";"],
  ["tabs", "\t"],
])("a plan with a byte order mark, CRLF and %s is taken, overnight and over the change of the clocks", (_name, by) => {
  const quote = (text: string): string => (text.includes(",") ? `"${text}"` : text);
  const lines = [HEAD, ...ROWS, ["", "", "", "", "", ""]].map((row) => row.map(quote).join(by));
  expect(told(`\uFEFF${lines.join("\r\n")}\r\n`)).toEqual({
    taken: [
      "ana.ruiz 2026-10-24T20:00:00.000Z 2026-10-25T05:00:00.000Z Work, nights Available+Chat",
      "ben.ho 2026-10-25T01:00:00.000Z 2026-10-25T01:30:00.000Z Lunch",
    ],
    rejected: [],
  });
});

test("a line that is no shift is named by its place in the file, empty lines and line breaks in texts counted", () => {
  const text = `agent,start,end,activity\n\nana,2026-10-25T08:00:00Z,2026-10-25T09:00:00Z,"Two\nlines"\nana,25.10.2026 08:00,2026-10-25T09:00:00Z,Work\nana,2026-10-25T09:00:00Z,2026-10-25T08:00:00Z,Work\n`;
  expect(told(text).rejected).toEqual(['5: start is no time: "25.10.2026 08:00"', "6: end is not after start"]);
});
