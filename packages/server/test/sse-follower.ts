import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";

export interface SseMessage {
  readonly event: string;
  /** Empty where the message has none. */
  readonly id: string;
  readonly data: unknown;
}

/** What one reader of a stream of Server-Sent Events was sent. */
export class SseFollower {
  readonly messages: SseMessage[] = [];
  readonly response: IncomingMessage;
  #wake: () => void = () => undefined;

  private constructor(response: IncomingMessage) {
    this.response = response;
    let text = "";
    response.on("error", () => this.#wake());
    response.on("close", () => this.#wake());
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (text + chunk).split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
        if (field("event") !== "")
          this.messages.push({ event: field("event"), id: field("id"), data: JSON.parse(field("data")) });
      }
      this.#wake();
    });
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<SseFollower> {
    const request = httpRequest(url, { headers }).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return new SseFollower(response);
  }

  /** Resolves once it holds, or the stream has ended. */
  async until(isDone: (messages: readonly SseMessage[]) => boolean): Promise<void> {
    while (!isDone(this.messages) && !this.response.destroyed)
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): void {
    this.response.destroy();
  }
}
