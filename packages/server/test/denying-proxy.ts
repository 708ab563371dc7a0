import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";

/** S3's answer to a GetObject that a bucket or key policy forbids. */
const ACCESS_DENIED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>1</RequestId></Error>';

/** In front of an S3 emulator, which denies nobody anything: some keys may be listed and not read. */
export class DenyingProxy {
  readonly endpoint: string;
  /** Keys that are denied. */
  readonly denied = new Set<string>();
  /** How often each key was asked for. */
  readonly asked = new Map<string, number>();
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  static async start(target: string): Promise<DenyingProxy> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    const proxy = new DenyingProxy(server, address.port);
    server.on("request", (incoming: IncomingMessage, answer: ServerResponse) =>
      proxy.#handle(incoming, answer, target),
    );
    return proxy;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #handle(incoming: IncomingMessage, answer: ServerResponse, target: string): void {
    const path = decodeURIComponent(new URL(incoming.url ?? "/", target).pathname);
    // behind the bucket
    const key = path.slice(path.indexOf("/", 1) + 1);
    this.asked.set(key, (this.asked.get(key) ?? 0) + 1);
    if (incoming.method === "GET" && this.denied.has(key)) {
      answer.writeHead(403, { "content-type": "application/xml" }).end(ACCESS_DENIED);
      return;
    }
    // the host stays: it is part of what was signed
    const options = { method: incoming.method ?? "GET", headers: incoming.headers };
    const outgoing = request(`${target}${incoming.url ?? "/"}`, options, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    incoming.pipe(outgoing);
  }
}
