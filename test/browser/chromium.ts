import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const INSTALLED_AT = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** No GPU, and nothing that talks to the network or to the desktop. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** The system's Chromium. Without one the tests fail, and say what to do: skipped browser tests would prove nothing. */
export async function launchChromium(): Promise<Browser> {
  const named = process.env["CHROMIUM_PATH"];
  const places = named === undefined ? INSTALLED_AT : [named];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) {
    throw new Error(
      `no chromium at ${places.join(", ")}; install it (Debian, Ubuntu: "apt-get install chromium") or set CHROMIUM_PATH`,
    );
  }
  return chromium.launch({ executablePath: path, args: QUIET });
}
