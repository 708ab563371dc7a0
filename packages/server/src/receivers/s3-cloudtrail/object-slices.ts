import { Readable } from "node:stream";
import { DocumentSplitter, type Piece } from "../../receive/document-splitter.ts";
import { inflate, InflateFault } from "../../receive/inflate.ts";
import { MAX_REJECTED_BYTES } from "../../receive/limits.ts";
import type { ReceivedMessage } from "../receiver.ts";

/** Text of the records that are handed over together. */
const SLICE_CHARACTERS = 4 * 1024 * 1024;

/** The other end closed before the object was whole; its rest is there to be had. */
export class CutOffError extends Error {
  override readonly name = "CutOffError";
}

export interface ObjectBody {
  readonly stream: Readable;
  /** Undefined where the store does not say. */
  readonly sizeBytes: number | undefined;
  readonly origin: string;
}

/** The whole object. Throws `CutOffError` when less came than was announced. */
export async function readWhole(body: ObjectBody): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of checked(body, () => undefined)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * A large object as messages of some megabytes, so that memory does not grow with it: CloudTrail's files may inflate to
 * half a gigabyte. The records keep the exact text they have in the file. Throws `CutOffError`.
 */
export async function* sliceObject(body: ObjectBody): AsyncGenerator<readonly ReceivedMessage[]> {
  const { origin } = body;
  const head: Buffer[] = [];
  let slice: ReceivedMessage[] = [];
  let texts: string[] = [];
  let characters = 0;
  const endTexts = (): void => {
    if (texts.length > 0) slice.push({ bytes: Buffer.from(`{"Records":[${texts.join(",")}]}`), origin });
    texts = [];
    characters = 0;
  };
  const splitter = new DocumentSplitter((piece: Piece) => {
    if (piece.kind === "fault") {
      slice.push({ bytes: piece.bytes, origin, fault: { reason: piece.reason, detail: piece.detail } });
      return;
    }
    texts.push(piece.text);
    characters += piece.text.length;
    if (characters >= SLICE_CHARACTERS) endTexts();
  });
  const rejectHead = (reason: InflateFault["reason"] | "invalid_json", detail: string): void => {
    endTexts();
    slice.push({ bytes: Buffer.concat(head), origin, fault: { reason, detail } });
  };
  try {
    for await (const chunk of inflate(Readable.from(checkedStream(body, head)))) {
      splitter.push(chunk);
      if (slice.length === 0) continue;
      yield slice;
      slice = [];
    }
    splitter.end();
    if (splitter.isForeign) rejectHead("invalid_json", "not JSON");
  } catch (error) {
    if (!(error instanceof InflateFault)) throw error;
    splitter.end();
    rejectHead(error.reason, error.message);
  }
  endTexts();
  if (slice.length > 0) yield slice;
}

function checkedStream(body: ObjectBody, head: Buffer[]): AsyncGenerator<Buffer> {
  let headBytes = 0;
  return checked(body, (chunk) => {
    if (headBytes >= MAX_REJECTED_BYTES) return;
    head.push(chunk.subarray(0, MAX_REJECTED_BYTES - headBytes));
    headBytes += chunk.length;
  });
}

async function* checked(body: ObjectBody, see: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  let received = 0;
  const chunks: AsyncIterable<Uint8Array> = body.stream;
  for await (const chunk of chunks) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    received += bytes.length;
    see(bytes);
    yield bytes;
  }
  if (body.sizeBytes !== undefined && received < body.sizeBytes) {
    throw new CutOffError(`${body.origin} was cut off after ${received} of ${body.sizeBytes} bytes`);
  }
}
