import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findOperation, isReadVerb } from "./operations.ts";
import { CONNECT_OPERATIONS } from "./operation-table.ts";

const CONNECT = "connect.amazonaws.com";

interface ModelOperation {
  readonly name: string;
  readonly method: string;
  readonly isRead: boolean;
}

const MODEL: readonly ModelOperation[] = readFileSync(
  new URL("fixtures/connect-api-operations.tsv", import.meta.url),
  "utf8",
)
  .trimEnd()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [name = "", method = "", , readLike] = line.split("\t");
    return { name, method, isRead: readLike === "true" };
  });

test("the model has 397 operations, 156 of them reads", () => {
  expect(MODEL).toHaveLength(397);
  expect(MODEL.filter(({ isRead }) => isRead)).toHaveLength(156);
});

test("the table lists every operation of the model once, and no other", () => {
  const listed = Object.values(CONNECT_OPERATIONS).flatMap(
    ({ reads, writes }) => `${reads} ${writes}`.match(/\w+/g) ?? [],
  );
  expect(listed.sort()).toEqual(MODEL.map(({ name }) => name).sort());
});

test("every operation is known, has a resource type, and is a write unless the model says read", () => {
  const classified = MODEL.map(({ name }) => ({ name, ...findOperation(CONNECT, name, undefined) }));
  const resourceType = expect.stringMatching(/^[a-z_]+$/);
  expect(classified).toEqual(
    MODEL.map(({ name, isRead }) => ({ name, isWrite: !isRead, isKnown: true, resourceType })),
  );
});

test("reads that are sent with POST are not writes, though CloudTrail calls them so", () => {
  const posted = MODEL.filter(({ method, isRead }) => method !== "GET" && isRead);
  expect(posted).toHaveLength(44);
  expect(posted.filter(({ name }) => findOperation(CONNECT, name, false).isWrite)).toEqual([]);
});

test("minting a session is a write, though it is a GET and its verb reads", () => {
  expect(findOperation(CONNECT, "GetFederationToken", true).isWrite).toBe(true);
  expect(findOperation(CONNECT, "GetFederationTokens", true)).toMatchObject({ isWrite: true, isKnown: true });
  expect(findOperation(CONNECT, "AdminGetEmergencyAccessToken", true)).toMatchObject({ isWrite: true, isKnown: true });
});

test("an operation Connect had not yet is judged by its verb and reported as unknown", () => {
  expect(findOperation(CONNECT, "DescribeTelepathy", false)).toEqual({
    isWrite: false,
    isKnown: false,
    resourceType: undefined,
  });
  expect(findOperation(CONNECT, "EnableTelepathy", true)).toEqual({
    isWrite: true,
    isKnown: false,
    resourceType: undefined,
  });
});

test("other services go by readOnly, and by verb where it is missing", () => {
  expect(findOperation("s3.amazonaws.com", "GetBucketLocation", undefined).isWrite).toBe(false);
  expect(findOperation("s3.amazonaws.com", "PutObject", undefined).isWrite).toBe(true);
  expect(findOperation("ssm.amazonaws.com", "UpdateInstanceInformation", true).isWrite).toBe(false);
  expect(findOperation("sts.amazonaws.com", "GetSessionToken", false).isWrite).toBe(true);
  expect(findOperation(undefined, "Anything", undefined)).toEqual({
    isWrite: true,
    isKnown: undefined,
    resourceType: undefined,
  });
});

test("a transcript read through the participant service is a read whatever readOnly says", () => {
  expect(findOperation("connectparticipant.amazonaws.com", "GetTranscript", false).isWrite).toBe(false);
  expect(findOperation("participant.connect.amazonaws.com", "SendMessage", true).isWrite).toBe(true);
});

test.each(["constructor", "__proto__", "toString", ""])("the operation name %j is nothing special", (name) => {
  expect(findOperation(CONNECT, name, undefined)).toEqual({ isWrite: true, isKnown: false, resourceType: undefined });
});

test("a verb is a whole word", () => {
  expect(
    ["GetUser", "ListUsers", "BatchGetThing", "BatchDescribeThing", "LookupEvents"].filter((name) => !isReadVerb(name)),
  ).toEqual([]);
  expect(["Getaway", "Listen", "ListenToContact", "CreateUser", "AdminGetThing"].filter(isReadVerb)).toEqual([]);
});
