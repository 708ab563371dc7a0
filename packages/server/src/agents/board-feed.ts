import type { AgentBoardChanges, AgentBoardRow, BoardRoutingProfile } from "@fourwire/core";

/** Changes wait this long for others to go with them. */
const BEAT_MS = 50;

/** A reader that takes nothing for this long is let go; it may come back and goes on where it was. */
const SLOW_READER_MS = 30_000;

/** Agents that left the board, remembered for readers that come back. */
const MAX_REMEMBERED_REMOVALS = 10_000;

/** Whoever has the board open. */
export interface BoardReader {
  /** True while it has not taken what it was sent. */
  isBlocked(): boolean;
  send(event: "changes", data: string, id: string): void;
  close(): void;
}

interface OpenReader {
  readonly reader: BoardReader;
  /** What it has. */
  sequence: number;
  skipped: number;
  blockedSince: number | undefined;
}

interface BoardEntry {
  readonly row: AgentBoardRow;
  readonly json: string;
  readonly sequence: number;
}

/** What a snapshot holds, as JSON texts. */
export interface BoardContent {
  readonly sequence: string;
  readonly rows: readonly AgentBoardRow[];
  readonly routingProfiles: readonly BoardRoutingProfile[];
}

/**
 * The rows of the board and who follows them. Every change has a sequence number, and every row the number of its last
 * change: a reader that missed any number of messages is brought up to date by the rows that changed since the last one
 * it has, so nothing is kept for readers and none is waited for.
 */
export class BoardFeed {
  readonly #now: () => number;
  /** Tells this server's life from another, whose numbers mean nothing here. */
  readonly #life: string;
  readonly #entries = new Map<string, BoardEntry>();
  readonly #profiles = new Map<string, { readonly profile: BoardRoutingProfile; readonly sequence: number }>();
  #removals: { readonly agentId: string; readonly sequence: number }[] = [];
  /** Removals up to this one are forgotten. */
  #forgotten = 0;
  readonly #readers = new Set<OpenReader>();
  #sequence = 0;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  #droppedReaders = 0;

  constructor(life: string, now: () => number) {
    this.#life = life;
    this.#now = now;
  }

  get readerCount(): number {
    return this.#readers.size;
  }

  /** Readers let go because they took nothing. */
  get droppedReaders(): number {
    return this.#droppedReaders;
  }

  /** Puts a row on the board; false when it is the same as before. */
  set(row: AgentBoardRow): boolean {
    const json = JSON.stringify(row);
    if (this.#entries.get(row.agent_id)?.json === json) return false;
    this.#entries.set(row.agent_id, { row, json, sequence: ++this.#sequence });
    this.#schedule();
    return true;
  }

  remove(agentId: string): void {
    if (!this.#entries.delete(agentId)) return;
    this.#removals.push({ agentId, sequence: ++this.#sequence });
    if (this.#removals.length > MAX_REMEMBERED_REMOVALS) {
      const half = this.#removals.length >> 1;
      this.#forgotten = this.#removals[half - 1]?.sequence ?? this.#forgotten;
      this.#removals = this.#removals.slice(half);
    }
    this.#schedule();
  }

  setProfile(profile: BoardRoutingProfile): void {
    const known = this.#profiles.get(profile.routing_profile_id)?.profile;
    if (JSON.stringify(known) === JSON.stringify(profile)) return;
    this.#profiles.set(profile.routing_profile_id, { profile, sequence: ++this.#sequence });
    this.#schedule();
  }

  /** Everything on the board, by agent id. */
  content(): BoardContent {
    const byId = [...this.#entries].sort(([left], [right]) => (left < right ? -1 : 1));
    return {
      sequence: this.#idOf(this.#sequence),
      rows: byId.map(([, entry]) => entry.row),
      routingProfiles: [...this.#profiles.values()].map((entry) => entry.profile),
    };
  }

  /** Whether a reader that has everything up to the id can go on from there. */
  canResume(id: string): boolean {
    const sequence = this.#sequenceOf(id);
    return sequence !== undefined && sequence >= this.#forgotten && sequence <= this.#sequence;
  }

  /** Sends changes after the id, which the reader has; returns how to stop. */
  follow(reader: BoardReader, id: string): () => void {
    const open: OpenReader = { reader, sequence: this.#sequenceOf(id) ?? 0, skipped: 0, blockedSince: undefined };
    this.#readers.add(open);
    if (open.sequence < this.#sequence) this.#schedule();
    return () => this.#readers.delete(open);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { reader } of this.#readers) reader.close();
    this.#readers.clear();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#readers.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, BEAT_MS);
    this.#timer.unref();
  }

  /** Sends what changed to every reader that can take it. */
  flush(): void {
    // most readers have the same: what they get is written once
    const messages = new Map<number, string>();
    for (const open of this.#readers) {
      if (open.sequence >= this.#sequence) continue;
      if (open.reader.isBlocked()) this.#skip(open);
      else this.#send(open, messages);
    }
    this.#sent = this.#sequence;
    if ([...this.#readers].some((open) => open.sequence < this.#sent)) this.#schedule();
  }

  #send(open: OpenReader, messages: Map<number, string>): void {
    const shared = open.skipped === 0 ? messages.get(open.sequence) : undefined;
    const message = shared ?? this.#changesSince(open.sequence, open.skipped);
    if (open.skipped === 0) messages.set(open.sequence, message);
    open.reader.send("changes", message, this.#idOf(this.#sequence));
    open.sequence = this.#sequence;
    open.skipped = 0;
    open.blockedSince = undefined;
  }

  #skip(open: OpenReader): void {
    open.skipped++;
    open.blockedSince ??= this.#now();
    if (this.#now() - open.blockedSince < SLOW_READER_MS) return;
    this.#droppedReaders++;
    this.#readers.delete(open);
    open.reader.close();
  }

  #changesSince(sequence: number, skipped: number): string {
    const agents = [...this.#entries.values()].filter((entry) => entry.sequence > sequence);
    const frame: Omit<AgentBoardChanges, "agents"> = {
      at_time: new Date(this.#now()).toISOString(),
      sequence: this.#idOf(this.#sequence),
      removed_agent_ids: this.#removals
        .filter((removal) => removal.sequence > sequence && !this.#entries.has(removal.agentId))
        .map((removal) => removal.agentId),
      routing_profiles: [...this.#profiles.values()]
        .filter((entry) => entry.sequence > sequence)
        .map((entry) => entry.profile),
      skipped,
    };
    // the rows are JSON already
    return `${JSON.stringify(frame).slice(0, -1)},"agents":[${agents.map((entry) => entry.json).join(",")}]}`;
  }

  #idOf(sequence: number): string {
    return `${this.#life}-${sequence}`;
  }

  #sequenceOf(id: string): number | undefined {
    const [, life, sequence] = /^(.*)-(\d+)$/.exec(id) ?? [];
    return life === this.#life ? Number(sequence) : undefined;
  }
}
