import type { DeliveredFile } from "@fourwire/simulator";

/** A digest file with what S3 keeps beside it. */
export interface DigestFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Collects delivered trail files and makes their digests. */
export interface TrailDigests {
  accept(file: DeliveredFile): void;
  finish(): readonly DigestFile[];
}
