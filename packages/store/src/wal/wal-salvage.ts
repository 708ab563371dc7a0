import { ENTRY_KINDS, FRAME_BYTES, flushFrame, WAL_HEADER, WalReader, type Frame } from "./wal-frames.ts";

/** What was taken from behind the damage of a log. */
export interface Salvage {
  /** Commits that ended behind the last whole one, as far as their end was found. */
  readonly commits: number;
  /** Pieces of rows (at most 2,048 each) that were found whole. */
  readonly pieces: number;
  /** Bytes that are no whole frame any more. */
  readonly damagedBytes: number;
}

/** Tables whose rows stand for themselves; all else is worked out again from them, or falls back to an older state. */
const RECORD_TABLE = /^(?:hot\.\w+|main\.rejected_record)$/;

interface Table {
  readonly name: string;
  readonly isRecords: boolean;
  /** The frame that names it. */
  readonly frame: Uint8Array;
}

/** The types of all columns lie within this many bytes. */
const TYPES_BYTES = 4096;
const TYPES_FIELD = Buffer.from([0x65, 0x00]);
const COLUMNS_FIELD = Buffer.from([0xff, 0xff, 0x66, 0x00]);

/** A `useTable` frame is smaller than this: damage that spans less may hide one. */
const MIN_CERTAIN_BYTES = 256;

/**
 * Finds the rows of records behind the damage. Inserted rows carry all their values, so they can be replayed without the
 * commits before them. What else commits hold (deletions, updates, views, the list of lake files, receivers' positions)
 * refers to what may be lost and is left out: a deleted row comes back as a repeated one and is removed by its id, and a
 * receiver that falls back to an older position fetches the lost records again. `write` gets the frames for DuckDB to
 * replay after the whole commits.
 */
export function salvageWal(path: string, from: number, write: (frame: Uint8Array) => void): Salvage {
  const reader = new WalReader(path);
  try {
    return new Salvager(reader, write).salvage(from);
  } finally {
    reader.close();
  }
}

class Salvager {
  readonly #reader: WalReader;
  readonly #write: (frame: Uint8Array) => void;
  #pending: Uint8Array[] = [];
  /** The table that rows are for, while that is certain. */
  #table: Table | undefined;
  /** Tables by the types of their columns. */
  readonly #tables = new Map<string, Table>();
  #isTableWritten = false;
  #commits = 0;
  #pieces = 0;
  #pendingPieces = 0;
  #damagedBytes = 0;

  constructor(reader: WalReader, write: (frame: Uint8Array) => void) {
    this.#reader = reader;
    this.#write = write;
  }

  salvage(from: number): Salvage {
    this.#learn(from);
    let position = from;
    while (position < this.#reader.sizeBytes) {
      const frame = this.#reader.frame(position) ?? this.#skipDamage(position);
      if (frame === undefined) break;
      position = frame.end;
      this.#take(frame);
    }
    return { commits: this.#commits, pieces: this.#pieces, damagedBytes: this.#damagedBytes };
  }

  /** Learns from the whole commits which columns the rows of each table have. */
  #learn(end: number): void {
    let position = WAL_HEADER.length;
    while (position < end) {
      const frame = this.#reader.frame(position);
      if (frame === undefined) return;
      position = frame.end;
      if (frame.kind === ENTRY_KINDS.useTable) this.#use(frame);
      else if (frame.kind === ENTRY_KINDS.insert && this.#table !== undefined) this.#remember(frame, this.#table);
    }
    this.#table = undefined;
  }

  #remember(frame: Frame, table: Table): void {
    const columns = this.#columnsOf(frame);
    const known = this.#tables.get(columns);
    // two tables of the same columns: then they tell nothing
    this.#tables.set(
      columns,
      known === undefined || known.name === table.name ? table : { ...table, isRecords: false },
    );
  }

  /** The types of the rows' columns, as they stand at the beginning of the entry: fields 100 and 101 of the chunk. */
  #columnsOf(frame: Frame): string {
    const entry = Buffer.from(
      this.#reader.bytes(frame.start + FRAME_BYTES, Math.min(frame.end - frame.start, TYPES_BYTES)),
    );
    const from = entry.indexOf(TYPES_FIELD, 8);
    const to = entry.indexOf(COLUMNS_FIELD, from);
    return from === -1 || to === -1 ? "" : entry.toString("latin1", from, to);
  }

  #skipDamage(position: number): Frame | undefined {
    if (this.#reader.endsLikeFlush(position)) {
      this.#damagedBytes += this.#reader.sizeBytes - position;
      this.#endCommit();
      return undefined;
    }
    const end = this.#reader.frameEnd(position);
    const next = end === undefined ? undefined : this.#reader.frame(end);
    if (end !== undefined && next !== undefined) {
      this.#damagedBytes += end - position;
      if (end - position < MIN_CERTAIN_BYTES) this.#table = undefined;
      return next;
    }
    const found = this.#reader.findFrame(position + 1);
    this.#damagedBytes += (found?.start ?? this.#reader.sizeBytes) - position;
    this.#table = undefined;
    return found;
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case ENTRY_KINDS.useTable:
        this.#use(frame);
        break;
      case ENTRY_KINDS.insert:
        if (this.#table === undefined) this.#guessTable(frame);
        else this.#remember(frame, this.#table);
        if (this.#table?.isRecords === true) this.#takeRows(this.#table.frame, frame);
        break;
      case ENTRY_KINDS.flush:
        this.#endCommit();
        break;
      default:
        break;
    }
  }

  #use(frame: Frame): void {
    const bytes = this.#reader.copy(frame.start, frame.end);
    const name = tableNameOf(bytes.subarray(FRAME_BYTES));
    this.#table = { name, isRecords: RECORD_TABLE.test(name), frame: bytes };
    this.#isTableWritten = false;
  }

  /** Where the entry that names the table is lost, the columns tell, if only one table has them. */
  #guessTable(frame: Frame): void {
    this.#table = this.#tables.get(this.#columnsOf(frame));
    this.#isTableWritten = false;
  }

  #takeRows(tableFrame: Uint8Array, frame: Frame): void {
    if (!this.#isTableWritten) this.#pending.push(tableFrame);
    this.#isTableWritten = true;
    this.#pending.push(this.#reader.copy(frame.start, frame.end));
    this.#pendingPieces++;
  }

  /** Rows of a commit count once its end is seen: before that nobody was told that they are stored. */
  #endCommit(): void {
    this.#commits++;
    if (this.#pending.length > 0) this.#pending.push(flushFrame());
    for (const frame of this.#pending) this.#write(frame);
    this.#pieces += this.#pendingPieces;
    this.#pending = [];
    this.#pendingPieces = 0;
    this.#table = undefined;
    this.#isTableWritten = false;
  }
}

/** `schema.table` of a `useTable` entry: field 101 is the schema, 102 the table, each a length and its characters. */
function tableNameOf(entry: Uint8Array): string {
  const names: string[] = [];
  let at = 3;
  for (const field of [0x65, 0x66]) {
    if (entry[at] !== field || entry[at + 1] !== 0) return "";
    const length = entry[at + 2] ?? 0;
    names.push(Buffer.from(entry.subarray(at + 3, at + 3 + length)).toString("utf8"));
    at += 3 + length;
  }
  return names.join(".");
}
