import type { ReceiverMeter } from "../receiver-meter.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startInstant } from "../start-time.ts";
import { listEveryMs, type S3CloudtrailConfig } from "./config.ts";
import { FolderState } from "./folder-state.ts";
import { folderOf } from "./layout.ts";
import { Slots } from "../slots.ts";
import type { TrailBucket } from "./trail-bucket.ts";
import { TrailFolder } from "./trail-folder.ts";
import type { TrailObjects } from "./trail-objects.ts";

/** How often new accounts and Regions are looked for. */
const DISCOVER_EVERY_MS = 15 * 60_000;

/** Folders that are listed at once. */
const FOLDERS_AT_ONCE = 4;

/** CloudTrail was first there in November 2013. */
const CLOUDTRAIL_LAUNCH = Date.UTC(2013, 10, 1);

export interface ListingParts {
  readonly config: S3CloudtrailConfig;
  readonly context: ReceiverContext;
  readonly bucket: TrailBucket;
  readonly objects: TrailObjects;
  readonly meter: ReceiverMeter;
}

export interface ListingTurn {
  readonly waitMs: number;
  readonly lagMs: number;
  /** No folder of a trail is there: none was delivered yet, or the prefix is wrong. */
  readonly isEmpty: boolean;
}

/** All folders of a trail, found by listing and read in turns. */
export class TrailListing {
  readonly #parts: ListingParts;
  readonly #folders = new Map<string, TrailFolder>();
  readonly #slots = new Slots(FOLDERS_AT_ONCE);
  #discoveredTime = Number.NEGATIVE_INFINITY;

  constructor(parts: ListingParts) {
    this.#parts = parts;
  }

  /** The folder that a key lies in; undefined where it is not listed. */
  folderFor(key: string): TrailFolder | undefined {
    const folder = folderOf(key);
    return folder === undefined ? undefined : this.#folders.get(folder);
  }

  /** One pass over every folder; one that fails does not keep the others from theirs. */
  async turn(signal: AbortSignal): Promise<ListingTurn> {
    const { now } = this.#parts.context;
    await this.#discover(signal);
    const folders = [...this.#folders.values()];
    const outcomes = await Promise.allSettled(
      folders.map((folder) =>
        this.#slots.use(async () => {
          signal.throwIfAborted();
          return folder.pass(signal);
        }),
      ),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    const unfinished = folders.filter((_, index) => {
      const outcome = outcomes[index];
      return outcome?.status === "fulfilled" && outcome.value;
    });
    if (unfinished.length === 0) {
      return { waitMs: listEveryMs(this.#parts.config), lagMs: 0, isEmpty: folders.length === 0 };
    }
    return { waitMs: 0, isEmpty: false, lagMs: Math.max(...unfinished.map((folder) => now() - folder.cursorTime)) };
  }

  async #discover(signal: AbortSignal): Promise<void> {
    const { config, context } = this.#parts;
    if (context.now() - this.#discoveredTime < DISCOVER_EVERY_MS) return;
    const found = await this.#findFolders(signal);
    const saved = await context.checkpoints.load(config.name);
    for (const folder of found) {
      if (this.#folders.has(folder)) continue;
      const text = saved.get(folder);
      const startTime = startInstant(config.start, context.now(), CLOUDTRAIL_LAUNCH);
      const state = text === undefined ? FolderState.begin(startTime, context.now()) : FolderState.parse(text);
      const { bucket, objects, meter } = this.#parts;
      const { checkpoints, now } = context;
      // saved at once: a file delivered behind the start after this is late, not old
      if (text === undefined) await checkpoints.save(config.name, new Map([[folder, state.toText()]]));
      this.#folders.set(folder, new TrailFolder({ folder, config, bucket, objects, meter, checkpoints, now }, state));
    }
    // where there is none yet, the first is not kept waiting
    if (this.#folders.size > 0) this.#discoveredTime = context.now();
  }

  /** `AWSLogs/<account>/CloudTrail/<Region>/` and, for an organization's trail, `AWSLogs/<o-id>/<account>/...`. */
  async #findFolders(signal: AbortSignal): Promise<readonly string[]> {
    const { bucket, config } = this.#parts;
    const below = await bucket.subfolders(`${config.prefix}AWSLogs/`, signal);
    const accounts = below.filter((folder) => this.#isAccount(folder));
    for (const organization of below.filter((folder) => /\/o-[a-z0-9]+\/$/.test(folder))) {
      const inside = await bucket.subfolders(organization, signal);
      accounts.push(...inside.filter((folder) => this.#isAccount(folder)));
    }
    const regions: string[] = [];
    for (const account of accounts) regions.push(...(await bucket.subfolders(`${account}CloudTrail/`, signal)));
    return regions.filter((folder) => config.regions?.includes(lastSegment(folder)) !== false);
  }

  #isAccount(folder: string): boolean {
    const account = lastSegment(folder);
    return /^\d{12}$/.test(account) && this.#parts.config.accounts?.includes(account) !== false;
  }
}

function lastSegment(folder: string): string {
  return folder.slice(0, -1).split("/").at(-1) ?? "";
}
