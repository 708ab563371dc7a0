import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WIRES } from "./wires.ts";

const TOKENS = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const GROUNDS = ["--ground", "--surface", "--sunken", "--hover", "--selected", "--accent-tint", "--share"];
const TEXT = [
  "--ink",
  "--ink-muted",
  "--accent",
  "--level-critical",
  "--level-error",
  "--level-warning",
  "--level-notice",
];
const TINTED: readonly (readonly [text: string, ground: string])[] = [
  ["--level-error", "--problem-tint"],
  ["--level-warning", "--warning-tint"],
  ["--ink", "--problem-tint"],
  ["--ink", "--warning-tint"],
  ["--ink-muted", "--warning-tint"],
  ["--good", "--surface"],
  ["--good", "--ground"],
  ["--ink-faint", "--surface"],
  ["--ink-faint", "--ground"],
  ["--ink-faint", "--hover"],
];

/** The colour of a token in a theme; throws when it is not one, so that a renamed token cannot pass unseen. */
function colorOf(token: string, theme: Theme): string {
  const value = new RegExp(`${token}:\\s*([^;]+);`).exec(TOKENS)?.[1] ?? "";
  const colors = value.match(/#[0-9a-f]{6}/gi) ?? [];
  const color = theme === "light" ? colors[0] : colors.at(-1);
  if (color === undefined) throw new Error(`tokens.css has no colour ${token}`);
  return color;
}

/** WCAG 2.2, relative luminance and contrast ratio: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio (read 2026-11-21). */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((left, right) => right - left);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function tooPale(pairs: readonly (readonly [string, string])[], theme: Theme, least: number): readonly string[] {
  return pairs
    .map(([front, ground]) => ({ front, ground, ratio: contrast(colorOf(front, theme), colorOf(ground, theme)) }))
    .filter(({ ratio }) => ratio < least)
    .map(({ front, ground, ratio }) => `${front} on ${ground} ${ratio.toFixed(2)}`);
}

test("black on white is 21, a colour on itself 1", () => {
  expect([contrast("#000000", "#ffffff"), contrast("#e69f00", "#e69f00")]).toEqual([21, 1]);
});

describe.each(THEMES)("in the %s theme", (theme) => {
  test("text has a contrast of at least 4.5 on every ground it stands on", () => {
    const pairs = TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const));
    expect(tooPale([...pairs, ...TINTED], theme, 4.5)).toEqual([]);
  });

  test("outlines of controls, the focus ring and the edges of the wires have at least 3", () => {
    const edges = Object.values(WIRES).map((wire) => wire.edgeToken);
    const graphics = ["--hairline-strong", "--accent", ...edges];
    const pairs = graphics.flatMap((token) => ["--ground", "--surface"].map((ground) => [token, ground] as const));
    expect(tooPale(pairs, theme, 3)).toEqual([]);
  });
});
