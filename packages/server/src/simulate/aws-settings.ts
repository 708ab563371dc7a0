import { AppError } from "@fourwire/core";
import type { AwsConnection, S3Connection } from "../receivers/aws/aws-config.ts";

const SERVICES = ["kinesis", "logs", "s3", "events"] as const;
export type AwsService = (typeof SERVICES)[number];

/** Where the wires go. A wire without a destination is not sent. */
export interface AwsDestinations {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** By service; for emulators. */
  readonly endpoints: Readonly<Partial<Record<AwsService, string>>>;
  /** Kinesis data stream of agent events. */
  readonly stream: string | undefined;
  /** Kinesis data stream of contact records; may be the same. */
  readonly recordStream: string | undefined;
  readonly logGroup: string | undefined;
  /** S3 bucket of CloudTrail files, digests and CCP logs. */
  readonly bucket: string | undefined;
  readonly bus: string | undefined;
  /** `Source` of the contact events; AWS keeps names that begin with `aws.` to itself. */
  readonly eventSource: string;
}

/** `http://localhost:4568` for every service, or `kinesis=http://localhost:4568,s3=http://localhost:4569`. */
export function parseEndpoints(text: string | undefined): AwsDestinations["endpoints"] {
  if (text === undefined) return {};
  const endpoints: Partial<Record<AwsService, string>> = {};
  for (const part of text.split(",").map((piece) => piece.trim())) {
    const [name, url] = part.includes("=") ? splitOnce(part) : [undefined, part];
    if (!URL.canParse(url)) throw new AppError("parameter_invalid", `--endpoint: "${url}" is not a URL`);
    const services = name === undefined ? SERVICES : SERVICES.filter((service) => service === name);
    if (services.length === 0) {
      throw new AppError("parameter_invalid", `--endpoint: "${name}" is none of ${SERVICES.join(", ")}`);
    }
    for (const service of services) endpoints[service] = url;
  }
  return endpoints;
}

function splitOnce(part: string): [string, string] {
  const at = part.indexOf("=");
  return [part.slice(0, at), part.slice(at + 1)];
}

export function connectionTo(destinations: AwsDestinations, service: AwsService): AwsConnection {
  const { region, profile, endpoints } = destinations;
  const endpoint = endpoints[service];
  return {
    http_version: 1,
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { credentials: { profile } }),
  };
}

/** Stores that are not Amazon's want the bucket in the path and know none of the newer checksums. */
export function s3ConnectionTo(destinations: AwsDestinations): S3Connection {
  const isEmulator = destinations.endpoints.s3 !== undefined;
  return {
    ...connectionTo(destinations, "s3"),
    force_path_style: isEmulator,
    checksums: isEmulator ? "when_required" : "when_supported",
  };
}
