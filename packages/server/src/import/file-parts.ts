import { open, type FileHandle } from "node:fs/promises";
import { isObject, type JsonValue } from "@fourwire/core";
import { arrangementOf } from "../receive/document-splitter.ts";
import { isGzip, type FilePart } from "../receive/inflate.ts";
import { recognizeSource } from "../receive/unwrap.ts";
import type { FoundFile } from "./file-list.ts";

/** A file of lines larger than this is decoded in parts, so that one file keeps every core busy. */
const PART_BYTES = 64 * 1024 * 1024;

const HEAD_BYTES = 256 * 1024;

/** How far a part's end is looked for; longer lines are not worth cutting between. */
const SEARCH_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * The parts of a large plain file of one record a line, cut at line ends; undefined where the file is to be read whole.
 * The price: what a source remembers from line to line (the open softphone call of a browser) is forgotten at a cut.
 */
export async function findParts(file: FoundFile): Promise<readonly FilePart[] | undefined> {
  if (file.sizeBytes < 2 * PART_BYTES) return undefined;
  const handle = await open(file.path, "r");
  try {
    const head = await readAt(handle, 0, HEAD_BYTES);
    if (isGzip(head) || !startsWithRecord(head)) return undefined;
    return await cutAtLines(handle, file.sizeBytes);
  } finally {
    await handle.close();
  }
}

function startsWithRecord(head: Buffer): boolean {
  const newline = head.indexOf(NEWLINE);
  if (newline === -1 || arrangementOf(head) !== "lines") return false;
  try {
    const value = JSON.parse(head.toString("utf8", 0, newline)) as JsonValue;
    return isObject(value) && recognizeSource(value) !== undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

async function cutAtLines(handle: FileHandle, sizeBytes: number): Promise<readonly FilePart[]> {
  const parts: FilePart[] = [];
  let start = 0;
  while (sizeBytes - start > PART_BYTES) {
    const wanted = start + PART_BYTES;
    const newline = (await readAt(handle, wanted, SEARCH_BYTES)).indexOf(NEWLINE);
    if (newline === -1) break;
    parts.push({ start, end: wanted + newline + 1 });
    start = wanted + newline + 1;
  }
  if (start < sizeBytes) parts.push({ start, end: sizeBytes });
  return parts;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
