import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { S3Address } from "./s3-address.ts";

/** How far our clock and the store's may be apart. */
const CLOCK_SKEW_MS = 3_600_000;

const savedSchema = z.object({ address: z.string(), began_time: z.number(), done_until: z.string() });

/**
 * How far an import from S3 has come, for the case that it is cut off: a small file in the data directory, gone when the
 * import is complete. Objects are taken in the order of their keys.
 */
export class S3Position {
  readonly #path: string;
  readonly #address: string;
  readonly #beganTime: number;
  #doneUntil: string;

  private constructor(parts: { path: string; address: string; beganTime: number; doneUntil: string }) {
    this.#path = parts.path;
    this.#address = parts.address;
    this.#beganTime = parts.beganTime;
    this.#doneUntil = parts.doneUntil;
  }

  /** Goes on where an import of the same address into the same data directory was cut off. */
  static async open(dataRoot: string, address: S3Address, now: number): Promise<S3Position> {
    const text = `s3://${address.bucket}/${address.prefix}`;
    const name = `s3-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`;
    const path = join(dataRoot, "imports", name);
    const saved = await readSaved(path);
    const isSame = saved !== undefined && saved.address === text;
    return new S3Position({
      path,
      address: text,
      beganTime: isSame ? saved.began_time : now,
      doneUntil: isSame ? saved.done_until : "",
    });
  }

  /** True when this import goes on with one that was cut off. */
  get isResumed(): boolean {
    return this.#doneUntil !== "";
  }

  /** False for what the earlier attempt stored. An object written since it began is taken wherever its key sorts. */
  isWanted(object: { readonly key: string; readonly modifiedTime: number }): boolean {
    return object.key > this.#doneUntil || object.modifiedTime >= this.#beganTime - CLOCK_SKEW_MS;
  }

  /** Everything up to the key is on disk in the store. */
  async save(doneUntil: string): Promise<void> {
    this.#doneUntil = doneUntil > this.#doneUntil ? doneUntil : this.#doneUntil;
    await mkdir(dirname(this.#path), { recursive: true });
    const text = JSON.stringify({ address: this.#address, began_time: this.#beganTime, done_until: this.#doneUntil });
    await writeFile(`${this.#path}.new`, text);
    await rename(`${this.#path}.new`, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

async function readSaved(path: string): Promise<z.infer<typeof savedSchema> | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return savedSchema.parse(JSON.parse(text));
  } catch (error) {
    // a position that cannot be read costs only time: what is stored is not stored twice
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
