import type { Page } from "playwright-core";

/** Names of the lanes with something drawn on them: lanes stand beside the canvas, so each is looked for in its pixels. */
export async function drawnLanes(page: Page): Promise<readonly string[]> {
  await page.waitForSelector('[data-testid="timeline"] canvas');
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="timeline"] canvas');
    // read from a copy: reading would make Chromium keep the page's own canvas in a slower memory, and warn of it
    const copy = document.createElement("canvas");
    const context = copy.getContext("2d", { willReadFrequently: true });
    if (canvas === null || context === null) return [];
    copy.width = canvas.width;
    copy.height = canvas.height;
    context.drawImage(canvas, 0, 0);
    const top = canvas.getBoundingClientRect().top;
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const isColored = (row: DOMRect): boolean => {
      const inset = 3;
      const y = Math.round((row.top - top + inset) * ratio);
      const { data } = context.getImageData(0, y, canvas.width, Math.round((row.height - 2 * inset) * ratio));
      let count = 0;
      for (let index = 0; index < data.length; index += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(index, index + 4);
        // grid, chosen lane and labels are grey; the queue's slate is the least colourful of what is drawn
        if (alpha > 30 && Math.max(red, green, blue) - Math.min(red, green, blue) > 12) count += 1;
      }
      return count > 20;
    };
    const labels = [...document.querySelectorAll<HTMLElement>('[data-testid^="lane-"]')];
    const drawn = labels.flatMap((label) => {
      const row = label.closest("li")?.getBoundingClientRect();
      const name = label.dataset["testid"]?.replace("lane-", "") ?? "";
      return row !== undefined && isColored(row) ? [name] : [];
    });
    return [...new Set(drawn)];
  });
}
