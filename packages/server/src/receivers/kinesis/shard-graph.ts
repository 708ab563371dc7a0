import type { ListedShard } from "./stream-api.ts";

type ShardStage = "waiting" | "reading" | "ended";

/**
 * The shards of a stream and who came from whom. A child is read once each of its parents that we know of was read to
 * its end, so that the order of one partition key survives a split, a merge and any chain of them.
 */
export class ShardGraph {
  readonly #shards = new Map<string, { readonly parents: readonly string[]; stage: ShardStage }>();

  /** Adds what is new; returns it. */
  add(shards: readonly Pick<ListedShard, "id" | "parents">[]): readonly string[] {
    const added = shards.filter(({ id }) => !this.#shards.has(id));
    for (const { id, parents } of added) this.#shards.set(id, { parents, stage: "waiting" });
    return added.map(({ id }) => id);
  }

  has(id: string): boolean {
    return this.#shards.has(id);
  }

  get ids(): readonly string[] {
    return [...this.#shards.keys()];
  }

  isEnded(id: string): boolean {
    return this.#shards.get(id)?.stage === "ended";
  }

  /** Read to its end, or gone. */
  end(id: string): void {
    const shard = this.#shards.get(id);
    if (shard !== undefined) shard.stage = "ended";
  }

  /** The shards to be read from now on; each is named once. */
  takeReady(): readonly string[] {
    const ready = [...this.#shards].filter(([, shard]) => shard.stage === "waiting" && this.#isUnblocked(shard));
    for (const [, shard] of ready) shard.stage = "reading";
    return ready.map(([id]) => id);
  }

  remove(id: string): void {
    this.#shards.delete(id);
  }

  clear(): void {
    this.#shards.clear();
  }

  /** A parent we do not know is older than the stream's retention: its records are gone, nobody waits for it. */
  #isUnblocked(shard: { readonly parents: readonly string[] }): boolean {
    return shard.parents.every((parent) => {
      const stage = this.#shards.get(parent)?.stage;
      return stage === undefined || stage === "ended";
    });
  }
}
