import { unixMillis, type UnixMillis } from "@fourwire/core";
import type { Emission, Origin } from "../emission.ts";
import type { DeliveredFile } from "./delivered-file.ts";

/** A page keeps its log for one or two of these, and at most so many entries (the library's own limits). */
const ROLL_MS = 1_800_000;
const ENTRY_LIMIT = 5_000;
/** Agents who press "Download logs" at the end: the first of each place, and those with errors, up to a bound. */
const FIRST_OF_PLACE = 3;
const DOWNLOAD_LIMIT = 16;

interface PageMemory {
  readonly origin: Origin;
  readonly username: string;
  rolled: string[];
  current: string[];
  rollTime: UnixMillis;
  lastTime: UnixMillis;
}

/** What some agents' pages remember, for the file an agent downloads by hand: the last half hour to hour. */
export class Downloads {
  readonly #pages = new Map<string, PageMemory>();
  readonly #countByPlace = new Map<string, number>();

  accept({ origin, key, time, body }: Emission): void {
    const id = `${origin.alias}/${key}`;
    const page = this.#pages.get(id) ?? this.#remember(id, { origin, key, time, body });
    if (page === undefined) return;
    if (time - page.rollTime >= ROLL_MS) {
      page.rolled = page.current;
      page.current = [];
      page.rollTime = time;
    }
    page.current.push(body);
    if (page.current.length > ENTRY_LIMIT) page.current.shift();
    page.lastTime = time;
  }

  #remember(
    id: string,
    { origin, key, time, body }: Pick<Emission, "origin" | "key" | "time" | "body">,
  ): PageMemory | undefined {
    const ofPlace = this.#countByPlace.get(origin.alias) ?? 0;
    const isWanted = ofPlace < FIRST_OF_PLACE || body.includes('"level":"ERROR"');
    if (!isWanted || this.#pages.size >= DOWNLOAD_LIMIT) return undefined;
    this.#countByPlace.set(origin.alias, ofPlace + 1);
    const page = { origin, username: key, rolled: [], current: [], rollTime: time, lastTime: unixMillis(time) };
    this.#pages.set(id, page);
    return page;
  }

  flush(): DeliveredFile[] {
    return [...this.#pages.values()].map(({ origin, username, rolled, current, rollTime, lastTime }) => {
      const entries = [...rolled, ...current].map((body): unknown => JSON.parse(body));
      return {
        path: `ccp-logs/${origin.alias}/${username}/agent-log.txt`,
        source: "ccp_log",
        origin,
        // the library's own form: an array, indented by four
        parts: [JSON.stringify(entries, undefined, 4)],
        form: "plain",
        isAppended: false,
        records: entries.length,
        deliveredTime: lastTime,
        oldestTime: rollTime,
        newestTime: lastTime,
      };
    });
  }
}
