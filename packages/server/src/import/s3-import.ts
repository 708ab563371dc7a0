import { createWriteStream } from "node:fs";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError } from "@fourwire/core";
import { AwsCallError } from "../receivers/aws/aws-call.ts";
import { leftOutReason, type LeftOut } from "../receivers/s3-cloudtrail/layout.ts";
import { Slots } from "../receivers/slots.ts";
import type { ListedObject, TrailBucket } from "../receivers/s3-cloudtrail/trail-bucket.ts";
import type { ImportProgress, ImportReport } from "./import-files.ts";
import type { S3Address } from "./s3-address.ts";
import { addReport, emptyReport, type Failure } from "./report-sum.ts";
import type { S3Position } from "./s3-position.ts";

/** Objects one import lists: their keys are held in memory, about 200 bytes each. */
const MAX_OBJECTS = 2_000_000;

/** What is downloaded and then decoded at once. Two such portions are on disk at a time. */
const PORTION = { files: 1000, bytes: 128 * 1024 * 1024 } as const;

const DOWNLOADS_AT_ONCE = 16;

const ARCHIVED = "archived in Glacier; restore the object and import it again";

export interface S3ImportParts {
  readonly address: S3Address;
  readonly bucket: TrailBucket;
  readonly position: S3Position;
  /** Where portions are downloaded to. */
  readonly temporaryPath: string;
  readonly importPortion: (portion: Portion) => Promise<ImportReport>;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** Downloaded files, with the address that each was downloaded from. */
export interface Portion {
  readonly origins: Readonly<Record<string, string>>;
  readonly onProgress: (progress: ImportProgress) => void;
}

interface Downloaded extends Portion {
  readonly folder: string;
  readonly lastKey: string;
  readonly sizeBytes: number;
  readonly failed: readonly Failure[];
}

type PortionPlan = readonly ListedObject[];

/** Imports every object under an address, in portions; the next is downloaded while one is decoded. */
export class S3Import {
  readonly #parts: S3ImportParts;
  readonly #signal = new AbortController().signal;
  readonly #slots = new Slots(DOWNLOADS_AT_ONCE);
  #totals = { bytes: 0, files: 0 };
  #hasFailedDownloads = false;
  #done = { bytes: 0, files: 0, appended: 0 };

  constructor(parts: S3ImportParts) {
    this.#parts = parts;
  }

  /** Resolves after the last commit. Throws `path_not_found`, `file_unreadable`, `parameter_invalid`. */
  async finish(): Promise<ImportReport> {
    const started = performance.now();
    const { position, temporaryPath } = this.#parts;
    const listed = await this.#list();
    const report = emptyReport();
    const portions = planPortions(this.#sortOut(listed, report));
    await mkdir(temporaryPath, { recursive: true });
    const root = await mkdtemp(join(temporaryPath, "s3-"));
    try {
      let next = this.#download(root, portions[0]);
      for (let index = 0; index < portions.length; index++) {
        const downloaded = await next;
        next = this.#download(root, portions[index + 1]);
        // a failure of the download after this one is met when its turn comes
        next.catch(() => undefined);
        if (downloaded !== undefined) await this.#importPortion(downloaded, report);
      }
      await position.remove();
    } finally {
      await rm(root, { recursive: true, force: true });
    }
    return { ...report, seconds: Number(((performance.now() - started) / 1000).toFixed(3)) };
  }

  async #list(): Promise<readonly ListedObject[]> {
    const { address, bucket } = this.#parts;
    const objects: ListedObject[] = [];
    let after = "";
    for (let hasMore = true; hasMore;) {
      const page = await this.#reach(() => bucket.list(address.prefix, after, this.#signal));
      objects.push(...page.objects.filter((object) => !object.key.endsWith("/")));
      after = page.objects.at(-1)?.key ?? after;
      hasMore = page.hasMore;
      if (objects.length > MAX_OBJECTS) {
        const where = addressText(address);
        throw new AppError(
          "parameter_invalid",
          `more than ${MAX_OBJECTS} objects under ${where}; give a longer prefix`,
        );
      }
    }
    if (objects.length === 0) throw new AppError("path_not_found", `no object under "${addressText(address)}"`);
    return objects.toSorted((left, right) => (left.key < right.key ? -1 : 1));
  }

  /** What is to be read; the rest goes into the report. */
  #sortOut(listed: readonly ListedObject[], report: ReturnType<typeof emptyReport>): readonly ListedObject[] {
    const { address, position } = this.#parts;
    const leftOut = new Map<LeftOut, number>();
    const wanted = listed.filter((object) => {
      const reason = leftOutReason(object.key);
      // other objects may hold any of the six sources; only their content tells
      if (reason !== undefined && reason !== "other_object") leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      else if (object.isArchived) report.failed.push({ path: this.#originOf(object.key), reason: ARCHIVED });
      else return position.isWanted(object);
      return false;
    });
    for (const [reason, count] of leftOut) {
      report.skipped.push({
        path: addressText(address),
        reason: `${count} ${reason.replaceAll("_", " ")}s of CloudTrail`,
      });
    }
    this.#totals = { files: wanted.length, bytes: wanted.reduce((sum, object) => sum + object.sizeBytes, 0) };
    return wanted;
  }

  async #download(root: string, plan: PortionPlan | undefined): Promise<Downloaded | undefined> {
    if (plan === undefined) return undefined;
    const folder = await mkdtemp(join(root, "portion-"));
    const origins: Record<string, string> = {};
    const failed: Failure[] = [];
    await Promise.all(
      plan.map((object, index) =>
        this.#slots.use(async () => {
          // the number keeps names apart, the name keeps its ending
          const path = join(folder, `${index}-${safeName(object.key)}`);
          const reason = await this.#downloadObject(object.key, path);
          if (reason === undefined) origins[path] = this.#originOf(object.key);
          else failed.push({ path: this.#originOf(object.key), reason });
        }),
      ),
    );
    return {
      folder,
      origins,
      failed,
      lastKey: plan.at(-1)?.key ?? "",
      sizeBytes: plan.reduce((sum, object) => sum + object.sizeBytes, 0),
      onProgress: (progress) => this.#report(progress),
    };
  }

  /** Returns why the object could not be had; undefined when it is in the file. */
  async #downloadObject(key: string, path: string): Promise<string | undefined> {
    const opened = await this.#reach(() => this.#parts.bucket.open(key, this.#signal));
    if ("kind" in opened) return opened.kind === "archived" ? ARCHIVED : opened.detail;
    const file = createWriteStream(path);
    try {
      await pipeline(opened.stream, file);
    } catch (error) {
      return `the download broke off: ${error instanceof Error ? error.message : String(error)}`;
    }
    const { sizeBytes } = opened;
    if (sizeBytes === undefined || file.bytesWritten === sizeBytes) return undefined;
    return `the download was cut off after ${file.bytesWritten} of ${sizeBytes} bytes`;
  }

  async #importPortion(downloaded: Downloaded, report: ReturnType<typeof emptyReport>): Promise<void> {
    if (Object.keys(downloaded.origins).length > 0) addReport(report, await this.#parts.importPortion(downloaded));
    report.failed.push(...downloaded.failed);
    this.#done = {
      bytes: this.#done.bytes + downloaded.sizeBytes,
      files: this.#done.files + Object.keys(downloaded.origins).length,
      appended: Object.values(report.records).reduce((sum, counts) => sum + counts.appended, 0),
    };
    // what failed is to be had again by importing again, so the position must not pass it
    if (downloaded.failed.length > 0) this.#hasFailedDownloads = true;
    if (!this.#hasFailedDownloads) await this.#parts.position.save(downloaded.lastKey);
    await rm(downloaded.folder, { recursive: true, force: true });
  }

  #report(progress: ImportProgress): void {
    this.#parts.onProgress({
      bytesRead: this.#done.bytes + progress.bytesRead,
      totalBytes: this.#totals.bytes,
      filesDone: this.#done.files + progress.filesDone,
      totalFiles: this.#totals.files,
      appended: this.#done.appended + progress.appended,
    });
  }

  async #reach<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof AwsCallError)) throw cause;
      const { name, message } = cause.failure;
      throw new AppError(
        "file_unreadable",
        `cannot read ${addressText(this.#parts.address)}: ${name}: ${message}; check the address, --region, --profile and the permissions s3:ListBucket and s3:GetObject`,
        { cause },
      );
    }
  }

  #originOf(key: string): string {
    return `s3://${this.#parts.address.bucket}/${key}`;
  }
}

function planPortions(objects: readonly ListedObject[]): readonly PortionPlan[] {
  const portions: ListedObject[][] = [];
  let bytes = 0;
  for (const object of objects) {
    const current = portions.at(-1);
    if (current === undefined || current.length >= PORTION.files || bytes + object.sizeBytes > PORTION.bytes) {
      portions.push([object]);
      bytes = object.sizeBytes;
    } else {
      current.push(object);
      bytes += object.sizeBytes;
    }
  }
  return portions;
}

function safeName(key: string): string {
  return basename(key)
    .replaceAll(/[^\w.-]/g, "_")
    .slice(-100);
}

function addressText(address: S3Address): string {
  return `s3://${address.bucket}/${address.prefix}`;
}
