import type { ResolveResponse } from "@fourwire/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { resolveQuery } from "../api/queries.ts";
import { writeTerm } from "../filter/terms.ts";
import { setPreferences } from "../theme/preferences.ts";
import { usePageRange, type PageRange } from "../time/range-context.ts";
import { PRESETS } from "../time/range.ts";
import { PLACES } from "./places.ts";

export interface Choice {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly run: () => void;
}

type Navigate = ReturnType<typeof useNavigate>;

/** Shorter texts are names of commands, not ids worth a look-up. */
const SHORTEST_ID = 3;
const PAUSE_MS = 120;

/** What the palette offers for a text: what the server knows the id as, then pages and actions, then a search. */
export function usePaletteChoices(
  text: string,
  onShortcuts: () => void,
): { choices: readonly Choice[]; isLooking: boolean } {
  const navigate = useNavigate();
  const range = usePageRange();
  const isCommand = text.startsWith(">");
  const wanted = text.replace(/^>/, "").trim();
  const id = usePaused(isCommand || wanted.length < SHORTEST_ID ? "" : wanted);
  const { data, isFetching } = useQuery({ ...resolveQuery(id), enabled: id !== "" });
  const found = id !== "" && data !== undefined ? data.matches.map((match) => choiceOf(match, navigate)) : [];
  const actions = [...placeChoices(navigate), ...actionChoices(range, onShortcuts)].filter((choice) => {
    return `${choice.kind} ${choice.label}`.toLowerCase().includes(wanted.toLowerCase());
  });
  const search = isCommand || wanted === "" ? [] : [searchChoice(wanted, navigate)];
  return { choices: [...found, ...actions, ...search], isLooking: isFetching };
}

function choiceOf(match: ResolveResponse["matches"][number], navigate: Navigate): Choice {
  const { kind, id, label } = match;
  const run = (): void => {
    if (kind === "contact") void navigate({ to: "/contacts/$contactId", params: { contactId: id } });
    else if (kind === "agent") void navigate({ to: "/agents/$agentId", params: { agentId: id } });
    else if (kind === "flow") void navigate({ to: "/explorer", search: { q: writeTerm("flow_id", [id]) } });
    else void navigate({ to: "/explorer", search: { sel: id, panel: "fields" } });
  };
  return { key: `${kind} ${id}`, kind, label, run };
}

function placeChoices(navigate: Navigate): readonly Choice[] {
  return PLACES.map((place) => ({
    key: place.to,
    kind: "page",
    label: place.label,
    hint: `g ${place.letter}`,
    run: () => void navigate({ to: place.to }),
  }));
}

function actionChoices(range: PageRange, onShortcuts: () => void): readonly Choice[] {
  const presets = PRESETS.map((preset): Choice => {
    return {
      key: `range ${preset.from}`,
      kind: "time",
      label: `last ${preset.label}`,
      run: () => range.setRange({ from: preset.from }),
    };
  });
  return [
    ...presets,
    { key: "utc", kind: "time", label: "show times in UTC", run: () => range.setZone("utc") },
    { key: "local", kind: "time", label: "show times in this computer's zone", run: () => range.setZone("local") },
    {
      key: "live",
      kind: "action",
      label: range.isLive ? "stop following live" : "follow live",
      run: () => range.setLive(!range.isLive),
    },
    { key: "light", kind: "look", label: "light colours", run: () => setPreferences({ theme: "light" }) },
    { key: "dark", kind: "look", label: "dark colours", run: () => setPreferences({ theme: "dark" }) },
    { key: "system", kind: "look", label: "colours of the system", run: () => setPreferences({ theme: "system" }) },
    { key: "compact", kind: "look", label: "compact rows", run: () => setPreferences({ density: "compact" }) },
    {
      key: "comfortable",
      kind: "look",
      label: "comfortable rows",
      run: () => setPreferences({ density: "comfortable" }),
    },
    { key: "shortcuts", kind: "help", label: "keyboard shortcuts", hint: "?", run: onShortcuts },
  ];
}

function searchChoice(text: string, navigate: Navigate): Choice {
  const q = /\s/.test(text) && !text.includes(":") ? `"${text.replaceAll('"', "")}"` : text;
  return {
    key: "search",
    kind: "search",
    label: `records with ${text}`,
    run: () => void navigate({ to: "/explorer", search: { q } }),
  };
}

function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return value === "" ? "" : paused;
}
