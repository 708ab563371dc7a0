import { AppError } from "@fourwire/core";

/** `s3://bucket/prefix`; every object whose key begins with the prefix is meant. */
export interface S3Address {
  readonly bucket: string;
  readonly prefix: string;
}

export function isS3Address(path: string): boolean {
  return path.startsWith("s3://");
}

/** Throws `parameter_invalid`. */
export function parseS3Address(text: string): S3Address {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
  if (bucket === undefined) {
    throw new AppError("parameter_invalid", `not an address in S3: "${text}"; write s3://bucket/prefix`);
  }
  return { bucket, prefix };
}
