import { createHash, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import { ORGANIZATION_ID, type DeliveredFile } from "@fourwire/simulator";
import type { DigestKey } from "./digest-key.ts";

const HOUR_MS = 3_600_000;
const TRAIL = "organization";

/** A digest file, with what S3 keeps beside it as the object's metadata. */
export interface DigestFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly metadata: { readonly signature: string; readonly "signature-algorithm": string };
  /** When it is delivered, Unix milliseconds. */
  readonly deliveredTime: number;
}

interface TrailFile {
  readonly path: string;
  readonly hash: string;
  readonly deliveredTime: number;
  readonly oldestTime: number;
  readonly newestTime: number;
}

interface Previous {
  readonly path: string;
  readonly hash: string;
  readonly signature: string;
}

export interface TrailDigestOptions {
  readonly bucket: string;
  readonly key: DigestKey;
  /** Unix milliseconds; digests are made for every hour between. */
  readonly startTime: number;
  readonly endTime: number;
}

/**
 * The digest files of a trail: one an hour, account and Region, each signed and naming the one before, so that a changed or
 * missing log file is found. An hour without files has a digest too.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html (read 2026-11-20)
 */
export class TrailDigests {
  readonly #options: TrailDigestOptions;
  readonly #files = new Map<string, TrailFile[]>();

  constructor(options: TrailDigestOptions) {
    this.#options = options;
  }

  /** Takes note of a delivered log file; others are left alone. */
  accept(file: DeliveredFile): void {
    if (file.source !== "cloudtrail") return;
    const key = `${file.origin.accountId} ${file.origin.region}`;
    let files = this.#files.get(key);
    if (files === undefined) this.#files.set(key, (files = []));
    files.push({
      path: file.path,
      hash: sha256(file.parts.join("")),
      deliveredTime: file.deliveredTime,
      oldestTime: file.oldestTime,
      newestTime: file.newestTime,
    });
  }

  finish(): DigestFile[] {
    return [...this.#files].flatMap(([key, files]) => {
      const [accountId = "", region = ""] = key.split(" ");
      return this.#chain(accountId, region, files);
    });
  }

  #chain(accountId: string, region: string, files: readonly TrailFile[]): DigestFile[] {
    const { startTime, endTime } = this.#options;
    const digests: DigestFile[] = [];
    let previous: Previous | undefined;
    const lastTime = Math.max(endTime, ...files.map(({ deliveredTime }) => deliveredTime));
    for (let hour = Math.floor(startTime / HOUR_MS) * HOUR_MS; hour <= lastTime; hour += HOUR_MS) {
      const own = files.filter(({ deliveredTime }) => deliveredTime >= hour && deliveredTime < hour + HOUR_MS);
      const digest = this.#digest({ accountId, region, hour, files: own, previous });
      previous = { path: digest.path, hash: digest.hash, signature: digest.metadata.signature };
      digests.push(digest);
    }
    return digests;
  }

  #digest(hour: {
    readonly accountId: string;
    readonly region: string;
    readonly hour: number;
    readonly files: readonly TrailFile[];
    readonly previous: Previous | undefined;
  }): DigestFile & { readonly hash: string } {
    const { bucket, key } = this.#options;
    const { accountId, region, files, previous } = hour;
    const endTime = hour.hour + HOUR_MS;
    const compact = stamp(endTime).replaceAll(/[-:]/g, "");
    const folder = stamp(endTime).slice(0, 10).replaceAll("-", "/");
    const path = `AWSLogs/${ORGANIZATION_ID}/${accountId}/CloudTrail-Digest/${region}/${folder}/${accountId}_CloudTrail-Digest_${region}_${TRAIL}_${region}_${compact}.json.gz`;
    const content = JSON.stringify({
      awsAccountId: accountId,
      digestStartTime: stamp(hour.hour),
      digestEndTime: stamp(endTime),
      digestS3Bucket: bucket,
      digestS3Object: path,
      digestPublicKeyFingerprint: key.fingerprint,
      digestSignatureAlgorithm: "SHA256withRSA",
      ...eventTimes(files),
      ...(previous === undefined ? NOTHING_BEFORE : linkTo(previous, bucket)),
      logFiles: files.map((file) => logFileWire(file, bucket)),
    });
    const hash = sha256(content);
    // four lines; the first digest of a chain has the word null where others have the signature before
    const signed = `${stamp(endTime)}\n${bucket}/${path}\n${hash}\n${previous?.signature ?? "null"}`;
    const signature = sign("sha256", Buffer.from(signed), key.privateKey).toString("hex");
    return {
      path,
      bytes: gzipSync(content),
      metadata: { signature, "signature-algorithm": "SHA256withRSA" },
      deliveredTime: endTime,
      hash,
    };
  }
}

/** What a starting digest has in place of a link. */
const NOTHING_BEFORE = {
  previousDigestS3Bucket: null,
  previousDigestS3Object: null,
  previousDigestHashValue: null,
  previousDigestHashAlgorithm: null,
  previousDigestSignature: null,
};

function linkTo({ path, hash, signature }: Previous, bucket: string): object {
  return {
    previousDigestS3Bucket: bucket,
    previousDigestS3Object: path,
    previousDigestHashValue: hash,
    previousDigestHashAlgorithm: "SHA-256",
    previousDigestSignature: signature,
  };
}

function eventTimes(files: readonly TrailFile[]): object {
  if (files.length === 0) return { newestEventTime: null, oldestEventTime: null };
  return {
    newestEventTime: stamp(Math.max(...files.map(({ newestTime }) => newestTime))),
    oldestEventTime: stamp(Math.min(...files.map(({ oldestTime }) => oldestTime))),
  };
}

function logFileWire(file: TrailFile, bucket: string): object {
  return {
    s3Bucket: bucket,
    s3Object: file.path,
    hashValue: file.hash,
    hashAlgorithm: "SHA-256",
    newestEventTime: stamp(file.newestTime),
    oldestEventTime: stamp(file.oldestTime),
  };
}

/** The public key as CloudTrail's ListPublicKeys answers. */
export function publicKeyList(key: DigestKey, startTime: number, endTime: number): object {
  return {
    PublicKeyList: [
      {
        Value: key.publicKeyDer.toString("base64"),
        ValidityStartTime: stamp(startTime - 24 * HOUR_MS),
        ValidityEndTime: stamp(endTime + 24 * HOUR_MS),
        Fingerprint: key.fingerprint,
      },
    ],
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function stamp(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString().replace(".000Z", "Z");
}
