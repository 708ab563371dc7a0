import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** No answer within this time is a failed measurement. */
const TIMEOUT_MS = 60_000;

const HEAD_END = "\r\n\r\n";

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One kept-alive connection that sends one request after another, written by hand: the load generator shares the
 * machine with what it measures, and Node's own client costs as much as the server.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = "";
  #settle: { readonly resolve: (answer: HttpAnswer) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer in time")));
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("the server closed the connection")));
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** Sends a whole request, head and body; the bytes must stay as they are until the answer is there. */
  send(request: Buffer): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = this.#received.slice(headEnd + HEAD_END.length);
    if (body.length < length) return;
    this.#received = "";
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve({ status: Number(head.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)), text: body });
  }
}
