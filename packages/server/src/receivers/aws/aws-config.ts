import { z } from "zod";
import { secretReferenceSchema } from "./secret-reference.ts";

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;

const credentialsSchema = z
  .strictObject({
    profile: z.string().min(1).optional().describe("a profile of the AWS configuration files"),
    access_key_id: z.string().min(1).optional().describe("a fixed access key; prefer a role"),
    secret_access_key: secretReferenceSchema.optional(),
    session_token: secretReferenceSchema.optional(),
    assume_role: z
      .strictObject({
        role_arn: z.string().regex(ROLE_ARN, "a role's ARN, such as arn:aws:iam::123456789012:role/fourwire"),
        external_id: z.string().min(2).max(1224).optional().describe("what the role's trust policy asks for"),
        session_name: z
          .string()
          .regex(/^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and +=,.@-")
          .default("fourwire"),
      })
      .optional()
      .describe("a role taken on with the credentials above, or with the default ones"),
  })
  .refine((given) => given.profile === undefined || given.access_key_id === undefined, {
    error: "give a profile or an access key, not both",
    path: ["profile"],
  })
  .refine((given) => (given.access_key_id === undefined) === (given.secret_access_key === undefined), {
    error: "access_key_id and secret_access_key go together",
    path: ["secret_access_key"],
  })
  .refine((given) => given.session_token === undefined || given.access_key_id !== undefined, {
    error: "session_token belongs to an access key",
    path: ["session_token"],
  })
  .describe("left out: the SDK's default chain (environment, profile, container, instance)");

/** How to reach AWS; the fields are the same in every receiver that does. */
export const AWS_CONNECTION_FIELDS = {
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "a Region, such as eu-west-2")
    .optional(),
  credentials: credentialsSchema.optional(),
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("another service of the same API, or a VPC endpoint"),
  sts_endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("the same for assume_role"),
  http_version: z
    .union([z.literal(1), z.literal(2)])
    .default(1)
    .describe("2 only where the service speaks it: Kinesis on AWS does, emulators do not"),
} as const;

/** What S3 needs besides, for stores that are compatible with it. */
export const S3_CONNECTION_FIELDS = {
  ...AWS_CONNECTION_FIELDS,
  force_path_style: z.boolean().default(false).describe("bucket in the path, not in the host name"),
  checksums: z
    .enum(["when_supported", "when_required"])
    .default("when_supported")
    .describe("when_required for stores that do not know S3's newer checksums"),
} as const;

const awsConnectionSchema = z.strictObject(AWS_CONNECTION_FIELDS);
const s3ConnectionSchema = z.strictObject(S3_CONNECTION_FIELDS);

export type AwsConnection = z.output<typeof awsConnectionSchema>;
export type S3Connection = z.output<typeof s3ConnectionSchema>;
