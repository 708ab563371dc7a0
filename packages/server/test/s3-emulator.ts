import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const S3RVER = createRequire(import.meta.url).resolve("s3rver/bin/s3rver.js");

/** s3rver's fixed key. */
export const S3_KEY = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" } as const;

/** s3rver in a process of its own, over a folder of its own. */
export class S3Emulator {
  readonly endpoint: string;
  readonly client: S3Client;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(parts: { endpoint: string; child: ChildProcess; folder: string }) {
    this.endpoint = parts.endpoint;
    this.#child = parts.child;
    this.#folder = parts.folder;
    this.client = new S3Client({
      endpoint: parts.endpoint,
      region: "eu-west-2",
      credentials: S3_KEY,
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
  }

  static async start(buckets: readonly string[]): Promise<S3Emulator> {
    const folder = await mkdtemp(join(tmpdir(), "fourwire-s3-"));
    const port = await freePort();
    const child = spawn(
      process.execPath,
      // its continuation tokens are made with a cipher that OpenSSL 3 has put away
      ["--openssl-legacy-provider", S3RVER, "--directory", folder, "--address", "127.0.0.1", "--port", String(port)],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    await new Promise<void>((resolve, reject) => {
      let said = "";
      const listen = (text: Buffer): void => {
        said += text.toString();
        if (said.includes("listening")) resolve();
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("exit", () => reject(new Error(`s3rver did not start: ${said}`)));
    });
    const emulator = new S3Emulator({ endpoint: `http://127.0.0.1:${port}`, child, folder });
    for (const Bucket of buckets) await emulator.client.send(new CreateBucketCommand({ Bucket }));
    return emulator;
  }

  async put(bucket: string, key: string, body: Buffer | string): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    const ended = once(this.#child, "exit");
    this.#child.kill();
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}
