import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { AwsCallError, callAws } from "../aws/aws-call.ts";
import type { AwsCall, AwsFailureKind } from "../aws/aws-failure.ts";
import { retryCall } from "../aws/retry-call.ts";
import type { ObjectBody } from "./object-slices.ts";

/** Keys of one answer; the service gives no more. */
const PAGE_KEYS = 1000;

/** Folders of one parent that are looked at: accounts of an organization, Regions of an account. */
const MAX_SUBFOLDERS = 20_000;

const ARCHIVED_CLASSES = new Set(["GLACIER", "DEEP_ARCHIVE"]);

export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  /** When it was written, by the store's clock. */
  readonly modifiedTime: number;
  /** It has to be restored before it can be read. */
  readonly isArchived: boolean;
}

export interface ListPage {
  readonly objects: readonly ListedObject[];
  readonly hasMore: boolean;
}

/** Why an object cannot be read now. */
export interface Unreadable {
  readonly kind: "gone" | "denied" | "archived";
  readonly detail: string;
}

export interface BucketParts {
  readonly client: S3Client;
  readonly bucket: string;
  readonly configKey: string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (kind: AwsFailureKind, detail: string) => void;
  /** A call worked after one that failed. */
  readonly onRecovered: () => void;
}

/** The bucket that a trail delivers to. Calls that are throttled or may pass are made again. */
export class TrailBucket {
  readonly #parts: BucketParts;
  #isFailing = false;

  constructor(parts: BucketParts) {
    this.#parts = parts;
  }

  /** Keys after `startAfter` in their order. */
  list(prefix: string, startAfter: string, signal: AbortSignal): Promise<ListPage> {
    return this.#listKeys({ prefix, startAfter, maxKeys: PAGE_KEYS }, signal);
  }

  async #listKeys(
    from: { readonly prefix: string; readonly startAfter: string; readonly maxKeys: number },
    signal: AbortSignal,
  ): Promise<ListPage> {
    const { client, bucket } = this.#parts;
    const { prefix, startAfter, maxKeys } = from;
    const answer = await this.#retry(signal, () =>
      callAws(this.#call("s3:ListBucket"), signal, () =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: startAfter, MaxKeys: maxKeys }),
          { abortSignal: signal },
        ),
      ),
    );
    const objects = (answer.Contents ?? []).flatMap((object) =>
      object.Key === undefined
        ? []
        : [
            {
              key: object.Key,
              sizeBytes: object.Size ?? 0,
              modifiedTime: object.LastModified?.getTime() ?? 0,
              isArchived: ARCHIVED_CLASSES.has(object.StorageClass ?? ""),
            },
          ],
    );
    return { objects, hasMore: answer.IsTruncated === true && objects.length > 0 };
  }

  /** The folders directly below a prefix, each with the prefix in front and a slash at the end. */
  async subfolders(prefix: string, signal: AbortSignal): Promise<readonly string[]> {
    const { client, bucket } = this.#parts;
    const folders: string[] = [];
    let token: string | undefined;
    do {
      const given = token;
      const answer = await this.#retry(signal, () =>
        callAws(this.#call("s3:ListBucket"), signal, () =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket,
              Prefix: prefix,
              Delimiter: "/",
              ...(given === undefined ? {} : { ContinuationToken: given }),
            }),
            { abortSignal: signal },
          ),
        ),
      );
      folders.push(...(answer.CommonPrefixes ?? []).flatMap((folder) => folder.Prefix ?? []));
      token = answer.NextContinuationToken;
    } while (token !== undefined && folders.length < MAX_SUBFOLDERS);
    return folders.length > 0 ? folders : this.#subfoldersByKeys(prefix, signal);
  }

  /**
   * The same by jumping from folder to folder. Some compatible stores (s3rver 3.7) name no common prefix for a folder
   * that holds only folders, which is all that a trail's upper levels hold. On S3 it costs one request where there is
   * nothing.
   */
  async #subfoldersByKeys(prefix: string, signal: AbortSignal): Promise<readonly string[]> {
    const folders: string[] = [];
    let startAfter = prefix;
    while (folders.length < MAX_SUBFOLDERS) {
      const { objects } = await this.#listKeys({ prefix, startAfter, maxKeys: 1 }, signal);
      const key = objects[0]?.key;
      if (key === undefined) break;
      const slash = key.indexOf("/", prefix.length);
      const folder = slash === -1 ? undefined : key.slice(0, slash + 1);
      const isNew = folder !== undefined && folder !== folders.at(-1);
      if (isNew) folders.push(folder);
      // no key of the layout has a character beyond the tilde
      startAfter = isNew ? `${folder}~` : key;
    }
    return folders;
  }

  /** The object's bytes, to be read at once; or why there are none. */
  async open(key: string, signal: AbortSignal): Promise<ObjectBody | Unreadable> {
    const { client, bucket } = this.#parts;
    try {
      const answer = await this.#retry(signal, () =>
        callAws(this.#call("s3:GetObject", key), signal, () =>
          client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }),
        ),
      );
      const stream = answer.Body instanceof Readable ? answer.Body : Readable.from([]);
      return { stream, sizeBytes: answer.ContentLength, origin: `s3://${bucket}/${key}` };
    } catch (error) {
      const reason = error instanceof AwsCallError ? unreadableReason(error) : undefined;
      if (reason === undefined || !(error instanceof Error)) throw error;
      return { kind: reason, detail: error.message };
    }
  }

  async #retry<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const { sleep, onRecovered } = this.#parts;
    const onFailure = (kind: AwsFailureKind, detail: string): void => {
      this.#isFailing = true;
      this.#parts.onFailure(kind, detail);
    };
    const answer = await retryCall({ signal, sleep, onFailure }, send);
    if (this.#isFailing) onRecovered();
    this.#isFailing = false;
    return answer;
  }

  #call(action: string, key?: string): AwsCall {
    const { bucket, configKey } = this.#parts;
    const subject = key === undefined ? `bucket "${bucket}"` : `"s3://${bucket}/${key}"`;
    return { action, subject, configKey, subjectKey: "bucket" };
  }
}

/** Undefined where the failure is of the bucket or of the credentials as such, not of one object. */
function unreadableReason({ failure }: AwsCallError): Unreadable["kind"] | undefined {
  if (failure.name === "InvalidObjectState") return "archived";
  if (failure.name === "NoSuchBucket") return undefined;
  if (failure.kind === "missing") return "gone";
  return failure.kind === "denied" && failure.name !== "CredentialsProviderError" ? "denied" : undefined;
}
