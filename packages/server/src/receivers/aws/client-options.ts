import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { AppError } from "@fourwire/core";
import type { AwsConnection, S3Connection } from "./aws-config.ts";
import { readSecret } from "./secret-reference.ts";

/** An answer that does not come is a failure after this long; SQS's longest poll is 20 s. */
const TIMEOUT_MS = { connect: 5_000, request: 60_000 } as const;

/** The SDK tries once: receivers wait and try again themselves, where the state can be seen and limits are kept. */
const MAX_ATTEMPTS = 1;

type CredentialProvider = ReturnType<typeof fromNodeProviderChain>;

export interface AwsClientPlace {
  /** The receiver's entry in the configuration, such as `receivers.agents`, for messages. */
  readonly configKey: string;
  /** Where the Region stands if the entry does not name it, such as a stream's ARN. */
  readonly region?: string | undefined;
}

/** Options for the constructor of any AWS client. Throws `config_invalid` without a Region, `secret_missing`. */
export function awsClientOptions(connection: AwsConnection, place: AwsClientPlace) {
  const region = connection.region ?? place.region ?? process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (region === undefined || region === "") {
    throw new AppError("config_invalid", `no Region for ${place.configKey}; set ${place.configKey}.region`);
  }
  return {
    region,
    credentials: credentialProvider(connection, region, place.configKey),
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: createRequestHandler(connection),
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
  };
}

/** The same for S3 and what is compatible with it. */
export function s3ClientOptions(connection: S3Connection, place: AwsClientPlace) {
  const checksums = connection.checksums === "when_required" ? "WHEN_REQUIRED" : "WHEN_SUPPORTED";
  return {
    ...awsClientOptions(connection, place),
    forcePathStyle: connection.force_path_style,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
  } as const;
}

function createRequestHandler(connection: AwsConnection): NodeHttpHandler | NodeHttp2Handler {
  // The Kinesis client would choose HTTP/2 by itself, which VPC endpoints, proxies and emulators refuse.
  if (connection.http_version === 2) return new NodeHttp2Handler({ requestTimeout: TIMEOUT_MS.request });
  return new NodeHttpHandler({
    connectionTimeout: TIMEOUT_MS.connect,
    requestTimeout: TIMEOUT_MS.request,
    throwOnRequestTimeout: true,
  });
}

function credentialProvider(connection: AwsConnection, region: string, configKey: string): CredentialProvider {
  const own = ownCredentials(connection, configKey);
  const role = connection.credentials?.assume_role;
  if (role === undefined) return own;
  return fromTemporaryCredentials({
    masterCredentials: own,
    params: {
      RoleArn: role.role_arn,
      RoleSessionName: role.session_name,
      ...(role.external_id === undefined ? {} : { ExternalId: role.external_id }),
    },
    clientConfig: { region, ...(connection.sts_endpoint === undefined ? {} : { endpoint: connection.sts_endpoint }) },
  });
}

/** Secrets are read now, so that a missing one is told at the start, not at the first request. */
function ownCredentials(connection: AwsConnection, configKey: string): CredentialProvider {
  const given = connection.credentials;
  if (given?.access_key_id !== undefined && given.secret_access_key !== undefined) {
    const { access_key_id: accessKeyId, session_token: token } = given;
    const at = `${configKey}.credentials`;
    const secretAccessKey = readSecret(given.secret_access_key, `${at}.secret_access_key`);
    const sessionToken = token === undefined ? undefined : readSecret(token, `${at}.session_token`);
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    return () => Promise.resolve(credentials);
  }
  return given?.profile === undefined ? fromNodeProviderChain() : fromIni({ profile: given.profile });
}
