import { Outlet, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { AgentNamesProvider } from "../record/agent-names-provider.tsx";
import { RangeProvider } from "../time/range-provider.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { useGoKeys } from "./go-keys.ts";
import { useHotkeys } from "./hotkeys.ts";
import { PLACES } from "./places.ts";
import { Rail } from "./rail.tsx";
import { ServerBanner } from "./server-banner.tsx";
import { ShortcutSheet } from "./shortcut-sheet.tsx";
import { TopBar } from "./top-bar.tsx";
import { useCommandKey } from "./use-command-key.ts";
import "./shell.css";

/** The frame every page stands in. */
export function Shell(): ReactNode {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const [isTimeOpen, setTimeOpen] = useState(false);
  const navigate = useNavigate();

  useCommandKey(() => setPaletteOpen(true));
  useGoKeys((letter) => {
    const place = PLACES.find((candidate) => candidate.letter === letter);
    if (place !== undefined) void navigate({ to: place.to });
    return place !== undefined;
  });
  useHotkeys({
    "?": () => setSheetOpen(true),
    t: () => setTimeOpen(true),
    "/": () => document.querySelector<HTMLElement>("[data-focus-key='/']")?.focus(),
  });

  return (
    <RangeProvider>
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <div className="shell">
        <Rail onShortcuts={() => setSheetOpen(true)} />
        <div className="shell-main">
          <TopBar isTimeOpen={isTimeOpen} onTimeOpenChange={setTimeOpen} onPalette={() => setPaletteOpen(true)} />
          <ServerBanner />
          <main id="page" className="shell-page" tabIndex={-1}>
            <AgentNamesProvider>
              <Outlet />
            </AgentNamesProvider>
          </main>
        </div>
      </div>
      <CommandPalette isOpen={isPaletteOpen} onOpenChange={setPaletteOpen} onShortcuts={() => setSheetOpen(true)} />
      <ShortcutSheet isOpen={isSheetOpen} onOpenChange={setSheetOpen} />
    </RangeProvider>
  );
}
