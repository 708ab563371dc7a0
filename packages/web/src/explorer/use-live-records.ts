import type { TailEvent } from "@fourwire/core";
import { useEffect, useReducer, useState } from "react";
import { latestRecords } from "../api/queries.ts";
import { useHidden } from "../shell/use-hidden.ts";
import { changeLive, EMPTY_LIVE, type LiveBuffer } from "./live-buffer.ts";

export type Connection = "connecting" | "open" | "lost" | "hidden";

export interface LiveRecords extends LiveBuffer {
  readonly connection: Connection;
  readonly pause: () => void;
  readonly resume: () => void;
}

/** How many records a live list begins with. */
const BEGIN_WITH = 200;

/**
 * Follows `/v1/live/tail`. The connection is closed while the tab is hidden: a tab nobody looks at costs the server
 * nothing. On return the newest records are read again, so that the gap is closed as far as `BEGIN_WITH` reaches.
 */
export function useLiveRecords(q: string): LiveRecords {
  const [buffer, change] = useReducer(changeLive, EMPTY_LIVE);
  const [connection, setConnection] = useState<Connection>("connecting");
  const isHidden = useHidden();
  useEffect(() => {
    if (isHidden) return undefined;
    const controller = new AbortController();
    latestRecords(q, BEGIN_WITH, controller.signal)
      .then((response) => change({ kind: "begin", records: response.records.toReversed() }))
      .catch(() => {
        // the stream's own error handler reports a server that is gone; the list then begins empty
      });
    const stream = new EventSource(`/v1/live/tail?q=${encodeURIComponent(q)}`);
    stream.addEventListener("open", () => setConnection("open"));
    stream.addEventListener("error", () => setConnection("lost"));
    stream.addEventListener("records", (message: MessageEvent<string>) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the JSON edge: the server is of the same version
      change({ kind: "receive", event: JSON.parse(message.data) as TailEvent });
    });
    return () => {
      controller.abort();
      stream.close();
      setConnection("connecting");
    };
  }, [q, isHidden]);
  return {
    ...buffer,
    connection: isHidden ? "hidden" : connection,
    pause: () => change({ kind: "pause" }),
    resume: () => change({ kind: "resume" }),
  };
}
