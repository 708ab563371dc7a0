import { S3Client } from "@aws-sdk/client-s3";
import { AppError } from "@fourwire/core";
import { dataDirectory } from "@fourwire/store";
import { addReport, emptyReport } from "../import/report-sum.ts";
import type { ImportReport } from "../import/import-files.ts";
import { isS3Address, parseS3Address } from "../import/s3-address.ts";
import { S3Import } from "../import/s3-import.ts";
import { S3Position } from "../import/s3-position.ts";
import { s3ClientOptions } from "../receivers/aws/client-options.ts";
import { sleep } from "../receivers/deliver.ts";
import { TrailBucket } from "../receivers/s3-cloudtrail/trail-bucket.ts";
import type { DataAccess, ImportRequest } from "./data-access.ts";

/** How S3 is reached, from the command's options. */
export interface S3Flags {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
}

export interface ImportPathsRequest extends ImportRequest {
  readonly dataPath: string;
  readonly s3: S3Flags;
}

/** Imports files, folders and globs together, then each address in S3; the report is one. */
export async function importPaths(data: DataAccess, request: ImportPathsRequest): Promise<ImportReport> {
  const local = request.paths.filter((path) => !isS3Address(path));
  const addresses = request.paths.filter(isS3Address).map(parseS3Address);
  if (addresses.length === 0) return data.importFiles(request);
  const sum = emptyReport();
  if (local.length > 0) addReport(sum, await data.importFiles({ ...request, paths: local }));
  const client = createClient(request.s3);
  try {
    const { root, stagingPath } = dataDirectory(request.dataPath);
    for (const address of addresses) {
      const position = await S3Position.open(root, address, Date.now());
      const bucket = new TrailBucket({
        client,
        bucket: address.bucket,
        configKey: "import",
        sleep,
        onFailure: () => undefined,
        onRecovered: () => undefined,
      });
      const run = new S3Import({
        address,
        bucket,
        position,
        // emptied at the next opening, should this process be killed
        temporaryPath: stagingPath,
        onProgress: request.onProgress,
        importPortion: ({ origins, onProgress }) =>
          data.importFiles({ paths: Object.keys(origins), source: request.source, origins, onProgress }),
      });
      addReport(sum, await run.finish());
    }
  } finally {
    client.destroy();
  }
  return sum;
}

/** Stores that are compatible with S3 want the bucket in the path and none of S3's newer checksums. */
function createClient(flags: S3Flags): S3Client {
  const isCompatible = flags.endpoint !== undefined;
  const region = flags.region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (region === undefined && !isCompatible) {
    throw new AppError("parameter_invalid", "no Region; give --region or set AWS_REGION");
  }
  return new S3Client({
    ...s3ClientOptions(
      {
        region: region ?? "us-east-1",
        http_version: 1,
        force_path_style: isCompatible,
        checksums: isCompatible ? "when_required" : "when_supported",
        ...(flags.endpoint === undefined ? {} : { endpoint: flags.endpoint }),
        ...(flags.profile === undefined ? {} : { credentials: { profile: flags.profile } }),
      },
      { configKey: "import" },
    ),
    followRegionRedirects: true,
  });
}
