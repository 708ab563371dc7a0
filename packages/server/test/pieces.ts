import { DocumentSplitter, type Piece } from "../src/receive/document-splitter.ts";
import type { JsonValue } from "@fourwire/core";

/** What the splitter makes of bytes that arrive in chunks. */
export function splitChunks(chunks: readonly Buffer[]): {
  readonly pieces: readonly Piece[];
  readonly isForeign: boolean;
} {
  const pieces: Piece[] = [];
  const splitter = new DocumentSplitter((piece) => pieces.push(piece));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { pieces, isForeign: splitter.isForeign };
}

export function splitText(text: string): readonly Piece[] {
  return splitChunks([Buffer.from(text)]).pieces;
}

export function valuesOf(pieces: readonly Piece[]): readonly JsonValue[] {
  return pieces.flatMap((piece) => (piece.kind === "document" ? [piece.value] : []));
}

export function faultsOf(pieces: readonly Piece[]): readonly Extract<Piece, { kind: "fault" }>[] {
  return pieces.flatMap((piece) => (piece.kind === "fault" ? [piece] : []));
}

/** The bytes cut at the given offsets. */
export function cutAt(bytes: Buffer, offsets: readonly number[]): readonly Buffer[] {
  const cuts = [0, ...new Set(offsets.map((offset) => offset % (bytes.length + 1))), bytes.length].toSorted(
    (left, right) => left - right,
  );
  return cuts.slice(1).map((to, index) => bytes.subarray(cuts[index], to));
}
