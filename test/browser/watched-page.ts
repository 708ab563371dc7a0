import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";

export interface WatchOptions {
  /** Answers that the test provokes; Chromium writes each of them to the console as an error. */
  readonly expectedStatuses?: readonly number[];
}

/** Runs a test in a page of its own; fails it when the page threw or wrote an error or a warning to its console. */
export async function withPage(
  browser: Promise<Browser>,
  work: (page: Page) => Promise<void>,
  { expectedStatuses = [] }: WatchOptions = {},
): Promise<void> {
  // a fixed zone and language: what is read off the page is the same on every machine
  const context = await (
    await browser
  ).newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: "UTC",
    locale: "en-GB",
    colorScheme: "light",
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const status = /status of (\d+)/.exec(message.text())?.[1];
    if (status === undefined || !expectedStatuses.includes(Number(status))) complaints.push(message.text());
  });
  try {
    await work(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Search parameters of the page's address. */
export function searchOf(page: Page): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(page.url()).searchParams);
}
