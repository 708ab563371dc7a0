import { isMap, isNode, isPair, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { configInvalid } from "./config-problem.ts";

/** A parsed YAML file that knows where each key stands. */
export class ConfigDocument {
  readonly path: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  /** Throws `config_invalid` with line and column where the text is no YAML, or has a key twice. */
  constructor(path: string, text: string) {
    this.path = path;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const faults = [...this.#document.errors, ...this.#document.warnings];
    if (faults.length === 0) return;
    throw configInvalid(
      path,
      faults.map((fault) => ({ place: this.#placeOf(fault.pos[0]), key: "", message: fault.message })),
    );
  }

  /** The file's values; an empty file is an empty map. */
  toValue(): unknown {
    // aliases are bounded: a file of a few lines could otherwise grow to gigabytes
    const value: unknown = this.#document.toJS({ maxAliasCount: 100 });
    return value ?? {};
  }

  /** Where a key stands; a key that is missing stands where its map begins. */
  placeOf(path: readonly PropertyKey[]): string {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.#placeOf(offset);
    }
    return this.#placeOf(0);
  }

  #offsetOf(path: readonly PropertyKey[]): number | undefined {
    const steps = path.map((step) => (typeof step === "number" ? step : String(step)));
    const last = steps.at(-1);
    const parent: unknown =
      steps.length === 1 ? this.#document.contents : this.#document.getIn(steps.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && textOf(item.key) === String(last));
      if (pair !== undefined) return startOf(pair.key);
    }
    const node: unknown = this.#document.getIn(steps, true);
    return startOf(node);
  }

  #placeOf(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    // an empty file has no lines for the counter
    return `${this.path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node & { range?: readonly number[] | null }).range?.[0] : undefined;
}

function textOf(key: unknown): string {
  return isNode(key) ? String(key.toJSON()) : String(key);
}
