import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WfmEvent, WfmWebhookBody } from "@fourwire/core";

export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: WfmWebhookBody;
}

/** Answers a POST; the default takes it. */
export type Answer = (response: ServerResponse, post: ReceivedPost) => void;

/** A server that webhooks post to, which behaves as it is told. */
export class WebhookTarget {
  readonly posts: ReceivedPost[] = [];
  /** Answers of the next posts, in order; then everything is taken. */
  readonly answers: Answer[] = [];
  readonly url: string;
  readonly #server: Server;
  #wake: () => void = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    server.on("request", (request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        const body = JSON.parse(text) as WfmWebhookBody;
        const post = { path: request.url ?? "", headers: request.headers, text, body };
        this.posts.push(post);
        const answer = this.answers.shift() ?? take;
        answer(response, post);
        this.#wake();
      });
    });
  }

  static async open(): Promise<WebhookTarget> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new WebhookTarget(server);
  }

  async until(isDone: (posts: readonly ReceivedPost[]) => boolean): Promise<void> {
    while (!isDone(this.posts)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Every event received, in order, those of repeated deliveries again. */
  get events(): readonly WfmEvent[] {
    return this.posts.flatMap((post) => post.body.events);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function take(response: ServerResponse): void {
  response.writeHead(204).end();
}

export function answerWith(status: number, headers: Record<string, string> = {}): Answer {
  return (response) => void response.writeHead(status, headers).end("no");
}

/** Never answers. */
export function hang(): void {
  // the connection stays open
}

/** Closes the connection without an answer. */
export function hangUp(response: ServerResponse): void {
  response.destroy();
}
