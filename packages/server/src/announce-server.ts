import type { Store } from "@fourwire/store";

const TRY_AGAIN_MS = 5000;

/**
 * Tells commands on this machine where the server is reached; on a full disk, where the server reads all the same, as
 * soon as there is room. Returns what ends the trying.
 */
export async function announceServer(store: Store, owner: Parameters<Store["announce"]>[0]): Promise<() => void> {
  if (await store.announce(owner)) return () => undefined;
  process.stderr.write(
    `fourwire: the disk of ${store.directory.root} is full: records are refused, and other commands do not find this server until there is room\n`,
  );
  const retry = setInterval(() => {
    void store.announce(owner).then((isWritten) => {
      if (isWritten) clearInterval(retry);
    });
  }, TRY_AGAIN_MS);
  return () => clearInterval(retry);
}
