import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { dirname } from "node:path";
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
  type PutRecordsRequestEntry,
} from "@aws-sdk/client-kinesis";
import { NodeHttpHandler } from "@smithy/node-http-handler";

const START_MS = 100_000;
const PUT_AT_ONCE = 500;

/**
 * kinesis-local (npm, MIT), a Kinesis we did not write, on free ports of the loopback. It takes a second to start and
 * 300 to 440 MB of memory: one for a test file. It wants its package's folder as working directory and HTTP/1.
 */
export class KinesisLocal {
  readonly endpoint: string;
  readonly client: KinesisClient;
  readonly #process: ChildProcess;

  private constructor(endpoint: string, process: ChildProcess) {
    this.endpoint = endpoint;
    this.#process = process;
    this.client = new KinesisClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      requestHandler: new NodeHttpHandler(),
    });
  }

  static async start(environment: Record<string, string> = {}): Promise<KinesisLocal> {
    const [plain, tls] = await Promise.all([freePort(), freePort()]);
    const folder = dirname(createRequire(import.meta.url).resolve("kinesis-local/package.json"));
    const child = spawn(process.execPath, ["main.js"], {
      cwd: folder,
      env: {
        ...process.env,
        KINESIS_MOCK_PLAIN_PORT: String(plain),
        KINESIS_MOCK_TLS_PORT: String(tls),
        LOG_LEVEL: "ERROR",
        CREATE_STREAM_DURATION: "20ms",
        DELETE_STREAM_DURATION: "20ms",
        SPLIT_SHARD_DURATION: "20ms",
        MERGE_SHARDS_DURATION: "20ms",
        ...environment,
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const local = new KinesisLocal(`http://127.0.0.1:${plain}`, child);
    await local.#untilUp();
    return local;
  }

  async #untilUp(): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        await fetch(this.endpoint, { signal: AbortSignal.timeout(1000) });
        return;
      } catch (error) {
        if (Date.now() > deadline || this.#process.exitCode !== null)
          throw new Error("kinesis-local did not start", { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async createStream(name: string, shards: number): Promise<void> {
    await this.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
    await this.untilActive(name);
  }

  async untilActive(name: string): Promise<void> {
    for (;;) {
      const { StreamDescriptionSummary: found } = await this.client.send(
        new DescribeStreamSummaryCommand({ StreamName: name }),
      );
      if (found?.StreamStatus === "ACTIVE") return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Puts records; tries those again that a shard in transition refuses. Resolves when all are in the stream. */
  async put(name: string, records: readonly PutRecordsRequestEntry[]): Promise<void> {
    let left = [...records];
    while (left.length > 0) {
      const batch = left.slice(0, PUT_AT_ONCE);
      const answer = await this.client.send(new PutRecordsCommand({ StreamName: name, Records: batch }));
      const failed = batch.filter((_, index) => answer.Records?.[index]?.ErrorCode !== undefined);
      left = [...failed, ...left.slice(batch.length)];
    }
  }

  async stop(): Promise<void> {
    this.client.destroy();
    if (this.#process.exitCode === null) {
      this.#process.kill("SIGKILL");
      await once(this.#process, "exit");
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
