import type { AgentBoardChanges, AgentBoardResponse } from "@fourwire/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { getJson } from "../api/client.ts";
import { useHidden } from "../shell/use-hidden.ts";
import { BoardStore, type BoardState } from "./board-store.ts";

export interface Board {
  readonly state: BoardState;
  /** True while the live connection is gone and the browser tries to get it back. */
  readonly isLost: boolean;
  /** Of a past instant that could not be read. */
  readonly error: Error | null;
  readonly retry: () => void;
}

/** The board now, followed live, or as it was at an instant. */
export function useBoard(at: string | undefined): Board {
  const live = useLiveBoard(at === undefined);
  const { data, error, refetch } = useQuery(pastBoardQuery(at));
  const past = useMemo(() => (data === undefined ? undefined : stateOf(data)), [data]);
  const retry = (): void => void refetch();
  if (at === undefined) return { ...live, error: null, retry };
  return { state: past ?? EMPTY, isLost: false, error, retry };
}

function pastBoardQuery(at: string | undefined) {
  return queryOptions({
    queryKey: ["board", at],
    queryFn: ({ signal }) => getJson<AgentBoardResponse>("/v1/agents/board", { at }, signal),
    enabled: at !== undefined,
    placeholderData: keepPreviousData,
  });
}

const EMPTY: BoardState = new BoardStore(() => undefined).getState();

function stateOf(response: AgentBoardResponse): BoardState {
  const store = new BoardStore(() => undefined);
  store.begin(response, Date.parse(response.at_time));
  return store.getState();
}

/**
 * The browser reconnects by itself and names the last message it saw, so that nothing between is missed; a hidden tab is
 * disconnected and begins anew when it is looked at.
 */
function useLiveBoard(isWanted: boolean): Pick<Board, "state" | "isLost"> {
  const [store] = useState(() => new BoardStore((work) => requestAnimationFrame(work)));
  const [isLost, setLost] = useState(false);
  const isHidden = useHidden();
  const isFollowing = isWanted && !isHidden;
  useEffect(() => {
    if (!isFollowing) return undefined;
    const stream = followBoard(store, setLost);
    return () => {
      stream.close();
      setLost(false);
    };
  }, [store, isFollowing]);
  return { state: useSyncExternalStore(store.subscribe, store.getState), isLost };
}

function followBoard(store: BoardStore, setLost: (isLost: boolean) => void): EventSource {
  const stream = new EventSource("/v1/live/agents");
  stream.addEventListener("open", () => setLost(false));
  stream.addEventListener("error", () => setLost(true));
  stream.addEventListener("snapshot", (message: MessageEvent<string>) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON edge: the server is of the same version
    store.begin(JSON.parse(message.data) as AgentBoardResponse, Date.now());
  });
  stream.addEventListener("changes", (message: MessageEvent<string>) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON edge: the server is of the same version
    store.change(JSON.parse(message.data) as AgentBoardChanges);
  });
  return stream;
}
