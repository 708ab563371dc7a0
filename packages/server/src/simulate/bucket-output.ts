import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { FileLayout, type DeliveredFile, type Emission } from "@fourwire/simulator";
import { sendToAws, type Sleep } from "./aws-calls.ts";
import { encodeFile } from "./file-output.ts";
import type { TrailDigests } from "./trail-digests.ts";

/** Puts CloudTrail files with their digests, and CCP logs, into a bucket. Signatures go where CloudTrail puts them. */
export class BucketOutput {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #sleep: Sleep;
  readonly #layout: FileLayout;
  readonly #digests: TrailDigests;
  #appended = 0;
  files = 0;
  bytes = 0;

  constructor(
    client: S3Client,
    parts: { readonly bucket: string; readonly seed: number; readonly digests: TrailDigests },
    sleep: Sleep,
  ) {
    this.#client = client;
    this.#bucket = parts.bucket;
    this.#sleep = sleep;
    this.#layout = new FileLayout(parts.seed);
    this.#digests = parts.digests;
  }

  async accept(emission: Emission): Promise<void> {
    for (const file of this.#layout.accept(emission)) await this.#write(file);
  }

  async finish(): Promise<void> {
    for (const file of this.#layout.finish()) await this.#write(file);
    for (const { path, bytes, metadata } of this.#digests.finish()) await this.#put(path, bytes, metadata);
  }

  async #write(file: DeliveredFile): Promise<void> {
    this.#digests.accept(file);
    // objects cannot be appended to: each batch of lines is one of its own
    if (file.isAppended) this.#appended += 1;
    const path = file.isAppended
      ? file.path.replace(/(\.\w+)$/, `-${String(this.#appended).padStart(6, "0")}$1`)
      : file.path;
    await this.#put(path, Buffer.from(encodeFile(file)), {});
  }

  async #put(path: string, bytes: Buffer, metadata: Record<string, string>): Promise<void> {
    const target = { action: "s3:PutObject", subject: `bucket "${this.#bucket}"`, flag: "bucket" };
    await sendToAws(target, this.#sleep, () =>
      this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key: path, Body: bytes, Metadata: metadata })),
    );
    this.files += 1;
    this.bytes += bytes.length;
  }
}
