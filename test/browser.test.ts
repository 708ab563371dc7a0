import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "./browser/chromium.ts";
import { runFourwire, startFourwire, type RunningCommand } from "./browser/command.ts";
import { drawnLanes } from "./browser/lanes.ts";
import { MALFORMED_LINE, OPENING_TIME, simulateShift, writeShiftFiles } from "./browser/shift-files.ts";
import { searchOf, withPage } from "./browser/watched-page.ts";

// The main job in a real Chromium against the real command: files in, a contact with all its wires out.

const MINUTE_MS = 60_000;
const SHIFT_MS = 10 * MINUTE_MS;
const EVERY_LANE = ["flow", "queue", "agent_state", "agent_leg", "ccp_log", "softphone_quality", "api_calls"];
/** A minute more at both ends: browsers have clocks of their own. */
const RANGE = `from=${new Date(OPENING_TIME - MINUTE_MS).toISOString()}&to=${new Date(OPENING_TIME + SHIFT_MS + MINUTE_MS).toISOString()}`;

const shift = simulateShift(SHIFT_MS);
/** The first contact of a simulated shift is answered and talks on every wire. */
const firstEvent = shift.find((emission) => emission.source === "contact_event");
const contactId = /"contactId":"([^"]+)"/.exec(firstEvent?.body ?? "")?.[1] ?? "";

let browser: Promise<Browser>;
let folder: string;
const running: RunningCommand[] = [];
let imported: string;
let empty: string;

async function serveImport(name: string, emissions: typeof shift): Promise<string> {
  const files = join(folder, `${name} files`);
  await mkdir(files);
  await writeShiftFiles(files, emissions);
  const data = join(folder, name);
  await runFourwire(["import", files, "--data", data, "--json"]);
  return serve(data);
}

async function serve(data: string): Promise<string> {
  const server = await startFourwire(["serve", "--data", data]);
  running.push(server);
  return server.url;
}

beforeAll(async () => {
  browser = launchChromium();
  // a missing Chromium fails each test in its own words; a failing beforeAll would show them as skipped
  browser.catch(() => undefined);
  folder = await mkdtemp(join(tmpdir(), "fourwire-browser-"));
  imported = await serveImport("shift", shift);
  empty = await serve(join(folder, "empty"));
}, 180_000);

afterAll(async () => {
  for (const server of running) await server.stop();
  await browser.then(
    async (started) => started.close(),
    () => undefined,
  );
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}, 60_000);

function row(page: Page, text: string) {
  return page.getByTestId("record-list").getByRole("row").filter({ hasText: text }).first();
}

async function openContact(page: Page, search = ""): Promise<void> {
  await page.goto(`${imported}/contacts/${contactId}?${RANGE}${search}`);
  await page.getByTestId("timeline").waitFor();
}

async function spanOf(page: Page): Promise<readonly [from: string | null, to: string | null]> {
  const lanes = page.getByTestId("timeline");
  return [await lanes.getAttribute("data-from"), await lanes.getAttribute("data-to")];
}

async function runNonsense(page: Page): Promise<void> {
  await page.goto(`${imported}/explorer?mode=sql&sql=${encodeURIComponent("select nothing from nowhere")}`);
  await page.getByTestId("state-error").waitFor();
  expect(await page.getByTestId("state-error").textContent()).toContain("nowhere");
}

describe("the explorer", () => {
  test("shows what was imported, and narrows it by a filter", async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${imported}/explorer?${RANGE}`);
      await row(page, "").waitFor();
      await expect
        .poll(() => page.getByTestId("result-count").textContent())
        .toContain(`${shift.length.toLocaleString("en-US")} records`);
      expect(await page.getByTestId("histogram").locator("canvas").boundingBox()).not.toBeNull();
      await page.getByTestId("filter").fill("source:flow_log");
      await page.getByTestId("filter").press("Escape");
      await page.getByTestId("filter").press("Enter");
      const flowLogs = shift.filter(({ source }) => source === "flow_log").length;
      await expect.poll(() => page.getByTestId("result-count").textContent()).toContain(`${flowLogs} records`);
      expect(searchOf(page)["q"]).toBe("source:flow_log");
      // the list keeps its last records until the new ones are there
      const badges = page.getByTestId("record-list").locator(".cell-source");
      await expect.poll(async () => [...new Set(await badges.allTextContents())]).toEqual(["Flow logs"]);
    });
  });

  test("shows a record exactly as received, leads to its contact, and is as it was on the way back", async () => {
    await withPage(browser, async (page) => {
      const q = `contact_id:${contactId} event_name:INITIATED`;
      await page.goto(`${imported}/explorer?${RANGE}&q=${encodeURIComponent(q)}`);
      await row(page, "INITIATED").locator(".cell-message").click();
      await page.getByTestId("record-panel").getByRole("tab", { name: "As received" }).click();
      expect(await page.getByTestId("record-body").textContent()).toBe(firstEvent?.body);
      const before = page.url();
      await page.getByTestId("record-panel").getByTitle(contactId, { exact: true }).click();
      await page.getByTestId("headline").waitFor();
      expect(new URL(page.url()).pathname).toBe(`/contacts/${contactId}`);
      await page.goBack();
      await page.getByTestId("record-panel").waitFor();
      expect(page.url()).toBe(before);
      expect(await page.getByTestId("filter").inputValue()).toBe(q);
      expect(await row(page, "INITIATED").getAttribute("aria-selected")).toBe("true");
    });
  });

  test("keeps the line breaks of a pretty-printed download in the record as received", async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${imported}/explorer?${RANGE}&q=source:ccp_log`);
      await row(page, "").locator(".cell-message").click();
      await page.getByTestId("record-panel").getByRole("tab", { name: "As received" }).click();
      const body = (await page.getByTestId("record-body").textContent()) ?? "";
      expect(body).toMatch(/^\{\n {4}"/);
      expect(shift.map((emission) => emission.body)).toContain(JSON.stringify(JSON.parse(body)));
    });
  });

  test("answers SQL", async () => {
    await withPage(browser, async (page) => {
      await page.goto(`${imported}/explorer?${RANGE}`);
      await page.getByRole("button", { name: "SQL" }).click();
      await page
        .locator(".cm-content")
        .fill("select count(*) as calls from contact_event where event_name = 'INITIATED'");
      await page.getByTestId("sql-run").click();
      const calls = shift.filter(({ body }) => body.includes('"eventType":"INITIATED"')).length;
      await expect
        .poll(() => page.getByTestId("query-table").getByRole("cell").allTextContents())
        .toEqual([String(calls)]);
    });
  });

  test("says what is wrong with SQL that does not run", async () => {
    await withPage(browser, runNonsense, { expectedStatuses: [400] });
  });
});

describe("the page of a contact", () => {
  test("draws every lane", async () => {
    await withPage(browser, async (page) => {
      await openContact(page);
      await expect.poll(() => drawnLanes(page)).toEqual(EVERY_LANE);
      expect(await page.getByTestId("headline").textContent()).toMatch(/^Inbound voice, .*queue, waited/);
    });
  });

  test("zooms, measures and selects, and its link shows the same after a reload", async () => {
    await withPage(browser, async (page) => {
      await openContact(page);
      const opening = await spanOf(page);
      const lanes = page.getByTestId("timeline");
      const box = await lanes.boundingBox();
      if (box === null) throw new Error("the lanes are not on the page");
      await page.mouse.move(box.x + box.width / 2, box.y + 60);
      await page.mouse.wheel(0, -400);
      await expect.poll(() => spanOf(page)).not.toEqual(opening);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + 150, box.y + 60, { steps: 4 });
      await page.mouse.up();
      expect(await page.getByTestId("measure").textContent()).toMatch(/^\d.* measured/);
      await page.getByTestId("record-list").getByRole("row").first().locator(".cell-message").click();
      await expect
        .poll(() => Object.keys(searchOf(page)))
        .toEqual(expect.arrayContaining(["sel", "panel", "t0", "t1", "m0", "m1"]));
      const shown = async () => ({
        span: await spanOf(page),
        measure: await page.getByTestId("measure").textContent(),
        count: await page.getByTestId("entry-count").textContent(),
        selected: await page.locator('[role="row"][aria-selected="true"]').getAttribute("data-record-id"),
      });
      const before = await shown();
      await page.reload();
      await page.getByTestId("record-panel").waitFor();
      expect(await shown()).toEqual(before);
    });
  });

  test("can be walked by keyboard alone", async () => {
    await withPage(browser, async (page) => {
      await openContact(page);
      const opening = await spanOf(page);
      await page.getByTestId("timeline").focus();
      await page.keyboard.press("w");
      await expect.poll(() => spanOf(page)).not.toEqual(opening);
      await page.keyboard.press("f");
      await expect.poll(() => spanOf(page)).toEqual(opening);
      await page.keyboard.press(".");
      await expect.poll(() => searchOf(page)["sel"]).toBeDefined();
      const first = searchOf(page)["sel"];
      await page.keyboard.press(".");
      await expect.poll(() => searchOf(page)["sel"]).not.toBe(first);
      await page.getByTestId("record-list").focus();
      await page.keyboard.press("Enter");
      await page.getByTestId("record-panel").waitFor();
      await page.keyboard.press("Escape");
      await page.getByTestId("record-panel").waitFor({ state: "detached" });
    });
  });

  test("shows the ring of the focus on everything that Tab reaches", async () => {
    await withPage(browser, async (page) => {
      await openContact(page);
      const unseen: string[] = [];
      for (let press = 0; press < 40; press++) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null || element === document.body) return undefined;
          const { outlineStyle, outlineWidth } = getComputedStyle(element);
          const isRinged = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
          return { isRinged, name: `${element.tagName} ${element.textContent}`.slice(0, 60) };
        });
        if (seen?.isRinged === false) unseen.push(seen.name);
      }
      expect(unseen).toEqual([]);
    });
  });

  test("lists the records of a clause when the clause is chosen", async () => {
    await withPage(browser, async (page) => {
      await openContact(page);
      await page.getByTestId("headline").getByRole("link").first().click();
      await expect.poll(() => page.getByTestId("entry-count").textContent()).toMatch(/^\d of \d+ records$/);
      expect(searchOf(page)["clause"]).toBe("0");
    });
  });

  test("says so when no record names the contact", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";
    const work = async (page: Page): Promise<void> => {
      await page.goto(`${imported}/contacts/${unknown}`);
      await page.getByTestId("state-empty").waitFor();
      expect(await page.getByTestId("state-empty").textContent()).toContain(unknown);
    };
    await withPage(browser, work, { expectedStatuses: [404] });
  });

  test("has every lane filled already after the first minute of a shift", async () => {
    const firstMinute = await serveImport("first minute", simulateShift(MINUTE_MS, 25));
    await withPage(browser, async (page) => {
      await page.goto(`${firstMinute}/contacts?${RANGE}`);
      const rows = page.locator("[data-contact-id]");
      await rows.first().waitFor();
      // newest first: the contact that opened the shift is the last
      await rows.last().click();
      await expect.poll(() => drawnLanes(page)).toEqual(EVERY_LANE);
    });
  });
});

test("the palette finds a pasted contact id", async () => {
  await withPage(browser, async (page) => {
    await page.goto(`${imported}/contacts?${RANGE}`);
    await page.getByTestId("contact-count").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByTestId("palette").getByRole("combobox").fill(contactId);
    await page.getByTestId("palette").getByRole("option").filter({ hasText: "contact" }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByTestId("headline").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/contacts/${contactId}`);
  });
});

test("the rejected page shows the malformed line with its reason and its bytes", async () => {
  await withPage(browser, async (page) => {
    await page.goto(`${imported}/rejected`);
    const rows = page.getByTestId("rejected").locator("tbody tr");
    await rows.filter({ hasText: "contact-events.ndjson" }).click();
    const detail = page.getByTestId("rejected-detail");
    expect(await detail.locator("pre").textContent()).toBe(MALFORMED_LINE);
    expect(await detail.textContent()).toContain("What to do:");
  });
});

test("the rail says how every wire is doing", async () => {
  await withPage(browser, async (page) => {
    await page.goto(`${imported}/sources`);
    for (const source of ["agent_event", "flow_log", "ccp_log", "cloudtrail", "contact_record", "contact_event"]) {
      await expect.poll(() => page.getByTestId(`health-${source}`).getAttribute("data-state")).toBe("receiving");
    }
  });
});

test("an empty store says what to do first, on every page that lists records", async () => {
  await withPage(browser, async (page) => {
    for (const path of ["/contacts", "/explorer", "/agents"]) {
      await page.goto(`${empty}${path}`);
      await page.getByTestId("state-first-run").waitFor();
      expect(await page.getByTestId("state-first-run").textContent()).toContain("npx fourwire import PATH");
    }
  });
});

test("the commands that an empty store proposes exist", async () => {
  await withPage(browser, async (page) => {
    await page.goto(`${empty}/contacts`);
    await page.getByTestId("state-first-run").waitFor();
    const commands = await page.getByTestId("state-first-run").locator("code").allTextContents();
    const own = commands.filter((command) => command.startsWith("npx fourwire "));
    expect(own.length).toBe(2);
    for (const command of own)
      expect(await runFourwire([command.split(" ")[2] ?? "", "--help"])).toContain("Examples:");
    expect(commands.filter((command) => !own.includes(command))).toEqual([
      `curl --data-binary @FILE -H "Authorization: Bearer TOKEN" ${empty}/v1/records/auto`,
    ]);
  });
});

test("the demo is a living contact centre: the newest records arrive on the page by themselves", async () => {
  const demo = await startFourwire(["demo", "--agents", "8"]);
  running.push(demo);
  await withPage(browser, async (page) => {
    await page.goto(`${demo.url}/explorer?live=1`);
    await row(page, "").waitFor();
    const newest = async () => page.getByTestId("record-list").getByRole("row").last().getAttribute("data-record-id");
    const first = await newest();
    await expect.poll(newest, { timeout: 60_000 }).not.toBe(first);
  });
});
