import type { SourceDefinition } from "../../source.ts";
import { CLOUDTRAIL_COLUMNS } from "./columns.ts";
import { referCloudTrail } from "./connect-resource.ts";
import { decodeCloudTrail, recognizeCloudTrail } from "./decode.ts";
import { normalizeCloudTrail } from "./normalize.ts";
import type { CloudTrailWire } from "./wire.ts";

/** Who changed what, from where: API calls recorded by AWS CloudTrail, Connect's and those of the services around it. */
export const cloudtrailSource: SourceDefinition<CloudTrailWire> = {
  name: "cloudtrail",
  columns: CLOUDTRAIL_COLUMNS,
  recognize: recognizeCloudTrail,
  decode: decodeCloudTrail,
  normalize: normalizeCloudTrail,
  refer: referCloudTrail,
};
