import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./browser/chromium.ts";
import { startFourwire, type RunningCommand } from "./browser/command.ts";
import { searchOf, withPage } from "./browser/watched-page.ts";

// The live board, the time machine and an agent's day in a real Chromium, over the demo's simulated contact centre.

const AGENTS = 12;

let browser: Promise<Browser>;
let demo: RunningCommand;

beforeAll(async () => {
  browser = launchChromium();
  // a missing Chromium fails each test in its own words; a failing beforeAll would show them as skipped
  browser.catch(() => undefined);
  demo = await startFourwire(["demo", "--agents", String(AGENTS)]);
}, 180_000);

afterAll(async () => {
  await demo?.stop();
  await browser.then(
    async (started) => started.close(),
    () => undefined,
  );
}, 60_000);

async function openBoard(page: Page, search = ""): Promise<void> {
  await page.goto(`${demo.url}/agents${search}`);
  await page.getByTestId("board").locator("[data-agent]").first().waitFor();
}

/** Agent and activity of every row in view. */
async function rowsOf(page: Page): Promise<readonly string[]> {
  return page
    .getByTestId("board")
    .locator("[data-agent]")
    .evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute("data-agent")} ${row.getAttribute("data-activity")}`).toSorted(),
    );
}

/** Adds up the counts above the board. */
async function countedAgents(page: Page): Promise<number> {
  const counts = await page
    .locator('[data-testid^="count-"]:not([data-testid="count-attention"]) strong')
    .allTextContents();
  return counts.reduce((sum, text) => sum + Number(text), 0);
}

describe("the board", () => {
  test("shows who does what, and changes by itself", async () => {
    await withPage(browser, async (page) => {
      await openBoard(page);
      const first = await rowsOf(page);
      expect(first.length).toBeGreaterThan(AGENTS / 2);
      expect(await countedAgents(page)).toBe(first.length);
      await expect.poll(() => rowsOf(page), { timeout: 60_000 }).not.toEqual(first);
    });
  });

  test("timers run", async () => {
    await withPage(browser, async (page) => {
      await openBoard(page);
      const since = page.getByTestId("board").locator(".since").first();
      const before = await since.textContent();
      await expect.poll(() => since.textContent(), { timeout: 60_000 }).not.toBe(before);
    });
  });

  test("what is filtered and grouped stands in the URL, and the link shows the same", async () => {
    await withPage(browser, async (page) => {
      await openBoard(page);
      await page.getByTestId("board-group").selectOption("hierarchy");
      await page.getByLabel("Find among the agents").fill("thames");
      await expect.poll(() => searchOf(page)).toMatchObject({ group: "hierarchy", q: "thames" });
      const groups = page.getByTestId("board").locator(".board-group");
      await expect.poll(() => groups.allTextContents()).toEqual([expect.stringContaining("London / Team Thames")]);
      const agents = (await rowsOf(page)).map((row) => row.split(" ")[0]);
      await page.reload();
      await groups.first().waitFor();
      expect((await rowsOf(page)).map((row) => row.split(" ")[0])).toEqual(agents);
      expect(agents.length).toBeLessThan(AGENTS);
    });
  });

  test("a filter that nobody matches says so and can be cleared", async () => {
    await withPage(browser, async (page) => {
      await openBoard(page);
      await page.getByLabel("Find among the agents").fill("nobody has this name");
      await page.getByRole("button", { name: "Clear the filter" }).click();
      await page.getByTestId("board").locator("[data-agent]").first().waitFor();
      expect(searchOf(page)["q"]).toBeUndefined();
    });
  });
});

describe("the time machine", () => {
  test("shows the board as it was, and comes back to now", async () => {
    await withPage(browser, async (page) => {
      await openBoard(page);
      await page.getByRole("button", { name: "−1 min" }).click();
      await page.getByTestId("state-stale").waitFor();
      const at = searchOf(page)["at"];
      expect(await page.getByTestId("state-stale").textContent()).toContain(at?.slice(0, 10));
      await page.getByTestId("board").locator("[data-agent]").first().waitFor();
      const then = await rowsOf(page);
      await page.reload();
      await page.getByTestId("board").locator("[data-agent]").first().waitFor();
      // the past does not change, however often it is asked for
      await expect.poll(() => rowsOf(page)).toEqual(then);
      await page.getByTestId("board-now").click();
      await expect.poll(() => searchOf(page)["at"]).toBeUndefined();
      await expect.poll(() => page.getByTestId("state-stale").count()).toBe(0);
    });
  });

  test("a day before anything was received has nobody on it and says when the newest event was", async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${demo.url}/agents?at=2020-01-01T12:00:00.000Z`);
      await page.getByTestId("board-last").click();
      await page.getByTestId("board").locator("[data-agent]").first().waitFor();
      expect(Date.parse(searchOf(page)["at"] ?? "")).toBeGreaterThan(Date.parse("2020-01-02"));
    });
  });
});

describe("an agent's day", () => {
  async function openDay(page: Page): Promise<void> {
    await openBoard(page);
    await page.getByTestId("board").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByTestId("agent-day").waitFor();
  }

  test("is reached by the keyboard and begins with a sentence", async () => {
    await withPage(browser, async (page) => {
      await openDay(page);
      expect(await page.getByTestId("day-sentence").textContent()).toMatch(/ was online for .+ on contacts, /);
      for (const lane of ["status", "activity"]) await page.getByTestId(`lane-${lane}`).waitFor();
    });
  });

  test("a figure says how it was computed and opens the records it was read from", async () => {
    await withPage(browser, async (page) => {
      await openDay(page);
      await page.locator('[data-metric="online_time"] .day-figure').click();
      const popover = page.getByLabel("How computed");
      await expect.poll(() => popover.textContent()).toMatch(/Read from \d+ rows? of agent_activity/);
      await popover.locator(".evidence button").first().click();
      await page.getByTestId("record-panel").waitFor();
      await expect.poll(() => page.getByTestId("record-panel").textContent()).toContain("Agent events");
    });
  });

  test("dragging over the lanes measures, as the hint says, and the link keeps it", async () => {
    await withPage(browser, async (page) => {
      await openDay(page);
      await page.getByText("drag to measure").waitFor();
      const box = await page.getByTestId("timeline").boundingBox();
      if (box === null) throw new Error("the lanes are not shown");
      const [from, to] = [await page.getByTestId("timeline").getAttribute("data-from"), box.x + box.width * 0.7];
      await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(to, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await expect.poll(() => page.getByTestId("measure").textContent()).toMatch(/ measured, /);
      await expect.poll(() => Object.keys(searchOf(page))).toEqual(expect.arrayContaining(["m0", "m1"]));
      // nothing was zoomed
      expect(searchOf(page)["t0"]).toBeUndefined();
      expect(Date.parse(from ?? "")).toBeLessThan(Date.parse(searchOf(page)["m0"] ?? ""));
      await page.reload();
      await expect.poll(() => page.getByTestId("measure").textContent()).toMatch(/ measured, /);
      await page.getByRole("button", { name: "Clear" }).click();
      await expect.poll(() => searchOf(page)["m0"]).toBeUndefined();
    });
  });

  test("another day stands beneath for comparison", async () => {
    await withPage(browser, async (page) => {
      await openDay(page);
      const date = await page.getByTestId("day-date").inputValue();
      await page.getByTestId("day-compare").fill(date);
      await expect.poll(() => page.getByTestId("timeline").count()).toBe(2);
      expect(searchOf(page)["compare"]).toBe(date);
    });
  });

  test("the records of the agent are one click away", async () => {
    await withPage(browser, async (page) => {
      await openDay(page);
      await page.getByTestId("agent-records").click();
      await page.getByTestId("record-list").getByRole("row").first().waitFor();
      expect(searchOf(page)["view"]).toBe("records");
    });
  });
});
