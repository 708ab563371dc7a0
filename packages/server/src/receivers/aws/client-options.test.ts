import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { NodeHttp2Handler, NodeHttpHandler } from "@smithy/node-http-handler";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { AWS_CONNECTION_FIELDS, S3_CONNECTION_FIELDS } from "./aws-config.ts";
import { awsClientOptions, s3ClientOptions } from "./client-options.ts";

const schema = z.strictObject(AWS_CONNECTION_FIELDS);
const s3Schema = z.strictObject(S3_CONNECTION_FIELDS);
const place = { configKey: "receivers.agents" };

afterEach(() => vi.unstubAllEnvs());

describe("the Region", () => {
  test("comes from the entry, then the ARN, then the environment", () => {
    vi.stubEnv("AWS_REGION", "us-east-1");
    const named = schema.parse({ region: "eu-west-2" });
    expect(awsClientOptions(named, { ...place, region: "us-west-2" }).region).toBe("eu-west-2");
    expect(awsClientOptions(schema.parse({}), { ...place, region: "us-west-2" }).region).toBe("us-west-2");
    expect(awsClientOptions(schema.parse({}), place).region).toBe("us-east-1");
  });

  test("missing everywhere names the key to set", () => {
    vi.stubEnv("AWS_REGION", "");
    vi.stubEnv("AWS_DEFAULT_REGION", undefined);
    expect(() => awsClientOptions(schema.parse({}), place)).toThrow("set receivers.agents.region");
  });

  test("is refused when it is none", () => {
    expect(schema.safeParse({ region: "London" }).success).toBe(false);
    expect(schema.parse({ region: "us-gov-west-1" }).region).toBe("us-gov-west-1");
  });
});

describe("the connection", () => {
  test("speaks HTTP/1 unless told otherwise", () => {
    const one = awsClientOptions(schema.parse({ region: "eu-west-2" }), place);
    const two = awsClientOptions(schema.parse({ region: "eu-west-2", http_version: 2 }), place);
    expect(one.requestHandler).toBeInstanceOf(NodeHttpHandler);
    expect(two.requestHandler).toBeInstanceOf(NodeHttp2Handler);
  });

  test("goes to another endpoint", async () => {
    const given = schema.parse({ region: "eu-west-2", endpoint: "http://127.0.0.1:4568" });
    const client = new KinesisClient(awsClientOptions(given, place));
    expect(await client.config.endpoint?.()).toMatchObject({ hostname: "127.0.0.1", port: 4568 });
    client.destroy();
  });

  test("of compatible stores has bucket paths and old checksums", () => {
    const given = s3Schema.parse({ region: "eu-west-2", force_path_style: true, checksums: "when_required" });
    expect(s3ClientOptions(given, place)).toMatchObject({
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
    });
  });
});

describe("credentials", () => {
  const fixed = (more: object = {}) =>
    schema.parse({
      region: "eu-west-2",
      credentials: { access_key_id: "AKIDEXAMPLE", secret_access_key: { env: "FOURWIRE_TEST_SECRET" }, ...more },
    });

  test("are the SDK's own when none are given", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "from the environment");
    const { credentials } = awsClientOptions(schema.parse({ region: "eu-west-2" }), place);
    expect(await credentials()).toMatchObject({ accessKeyId: "AKIDENVIRONMENT" });
  });

  test("may be fixed ones whose secret stands in the environment", async () => {
    vi.stubEnv("FOURWIRE_TEST_SECRET", " secret\n");
    expect(await awsClientOptions(fixed(), place).credentials()).toEqual({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "secret",
    });
  });

  test("may be fixed ones whose secret stands in a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fourwire-secret-"));
    await writeFile(join(folder, "secret"), "from a file\n");
    const given = fixed({
      secret_access_key: { file: join(folder, "secret") },
      session_token: { file: join(folder, "secret") },
    });
    expect(await awsClientOptions(given, place).credentials()).toEqual({
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "from a file",
      sessionToken: "from a file",
    });
    await rm(folder, { recursive: true });
    expect(() => awsClientOptions(given, place)).toThrow(
      "no secret for receivers.agents.credentials.secret_access_key",
    );
  });

  test("whose secret is missing are told at the start, by the name of the variable", () => {
    vi.stubEnv("FOURWIRE_TEST_SECRET", "");
    expect(() => awsClientOptions(fixed(), place)).toThrow("environment variable FOURWIRE_TEST_SECRET is not set");
  });

  test("come from a profile", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fourwire-profile-"));
    await writeFile(join(folder, "credentials"), "[centre]\naws_access_key_id=AKIDPROFILE\naws_secret_access_key=s\n");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
    vi.stubEnv("AWS_CONFIG_FILE", join(folder, "none"));
    const given = schema.parse({ region: "eu-west-2", credentials: { profile: "centre" } });
    expect(await awsClientOptions(given, place).credentials()).toMatchObject({ accessKeyId: "AKIDPROFILE" });
    await rm(folder, { recursive: true });
  });

  test("of another account are taken on with its external id", async () => {
    vi.stubEnv("FOURWIRE_TEST_SECRET", "secret");
    const asked: string[] = [];
    const sts = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => asked.push(chunk.toString()));
      request.on("end", () =>
        response.writeHead(200, { "content-type": "text/xml" }).end(
          `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
           <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>taken on</SecretAccessKey>
           <SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
           </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        ),
      );
    });
    await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
    const given = schema.parse({
      ...fixed({ assume_role: { role_arn: "arn:aws:iam::123456789012:role/fourwire", external_id: "centre-7" } }),
      sts_endpoint: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
    });
    expect(await awsClientOptions(given, place).credentials()).toMatchObject({
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: "taken on",
      sessionToken: "token",
    });
    expect(asked.join("")).toContain("ExternalId=centre-7");
    expect(asked.join("")).toContain(encodeURIComponent("arn:aws:iam::123456789012:role/fourwire"));
    sts.close();
  });

  test.each([
    [{ profile: "a", access_key_id: "b", secret_access_key: { env: "C" } }, "not both"],
    [{ access_key_id: "b" }, "go together"],
    [{ secret_access_key: { env: "C" } }, "go together"],
    [{ profile: "a", session_token: { env: "C" } }, "belongs to an access key"],
    [{ assume_role: { role_arn: "fourwire" } }, "a role's ARN"],
    [{ access_key_id: "b", secret_access_key: "written out" }, "a secret is not written here"],
    [{ profil: "a" }, "Unrecognized key"],
  ])("that do not fit are refused: %j", (credentials, message) => {
    const { error } = schema.safeParse({ region: "eu-west-2", credentials });
    expect(error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});
