import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMON_COLUMNS, type Column } from "../../column.ts";
import { unixMillis } from "../../instant.ts";
import type { JsonObject } from "../../json.ts";
import type { SourceRecord } from "../../record.ts";
import { cloudtrailLogsViewSql } from "./athena-view.ts";
import { cloudtrailSource } from "./cloudtrail.ts";

const DEPLOYER_ARN = "arn:aws:iam::111122223333:user/deployer";
const SQL_TYPES: Readonly<Record<Column["type"], string>> = {
  text: "varchar",
  timestamp: "timestamptz",
  integer: "bigint",
  double: "double",
  boolean: "boolean",
  json: "varchar",
};

function deletion(eventID: string, recipientAccountId: string, errorCode?: string): JsonObject {
  return {
    eventVersion: "1.09",
    userIdentity: { type: "IAMUser", arn: DEPLOYER_ARN, accountId: "111122223333", userName: "deployer" },
    eventTime: "2026-11-20T10:00:00Z",
    eventSource: "connect.amazonaws.com",
    eventName: "DeleteInstance",
    awsRegion: "eu-west-2",
    sourceIPAddress: "192.0.2.1",
    requestParameters: { InstanceId: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee" },
    eventID,
    recipientAccountId,
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

function fixtureRecords(): readonly JsonObject[] {
  const names = readdirSync(new URL("fixtures/", import.meta.url)).filter((name) => name.endsWith(".json"));
  return names.flatMap(
    (name) => JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8")).Records ?? [],
  );
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function rowsOf(records: readonly JsonObject[]): readonly SourceRecord[] {
  return records.flatMap((value) => {
    const received = { value, body: JSON.stringify(value), carrier: undefined };
    const decoded = cloudtrailSource.decode(received);
    if (!decoded.ok) return [];
    return [
      cloudtrailSource.normalize(decoded.value, received, { digest, observedTime: unixMillis(0), memory: undefined }),
    ];
  });
}

let connection: DuckDBConnection;

async function query(sql: string): Promise<readonly JsonObject[]> {
  const reader = await connection.runAndReadAll(sql);
  return JSON.parse(JSON.stringify(reader.getRowObjectsJson()));
}

beforeAll(async () => {
  const instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  // an analyst's own time zone must not move the times of the view
  await connection.run("set timezone = 'America/New_York'");
  const columns = [...COMMON_COLUMNS, ...cloudtrailSource.columns];
  await connection.run(
    `create table cloudtrail (${columns.map(({ name, type }) => `"${name}" ${SQL_TYPES[type]}`).join(", ")})`,
  );
  const rows = rowsOf([
    ...fixtureRecords(),
    deletion("d1", "111122223333"),
    deletion("d2", "111122223333"),
    deletion("d3", "444455556666", "AccessDenied"),
  ]);
  const names = columns.map(({ name }) => name).filter((name) => name !== "ingested_time" && name !== "schema_version");
  const values = columns
    .filter(({ name }) => names.includes(name))
    .map(({ name, type }) =>
      type === "timestamp"
        ? `make_timestamptz((r ->> '${name}')::bigint * 1000)`
        : `(r ->> '${name}')::${SQL_TYPES[type]}`,
    );
  await connection.run(
    `insert into cloudtrail ("${names.join('", "')}") select ${values.join(", ")}
     from (select unnest(cast($rows as json[])) as r)`,
    { rows: JSON.stringify(rows) },
  );
  await connection.run(`create view cloudtrail_logs as ${cloudtrailLogsViewSql("cloudtrail")}`);
});

afterAll(() => connection.closeSync());

test("the blog's first query counts deleted instances per account and Region", async () => {
  const rows = await query(
    `SELECT eventName, count(eventName) AS NumberOfDeletedInstances, recipientaccountid, awsRegion
FROM cloudtrail_logs WHERE eventname='DeleteInstance' AND eventsource='connect.amazonaws.com'
GROUP BY eventName, recipientaccountid, awsRegion;`,
  );
  expect(rows.toSorted((a, b) => String(a.recipientaccountid).localeCompare(String(b.recipientaccountid)))).toEqual([
    {
      eventname: "DeleteInstance",
      NumberOfDeletedInstances: "2",
      recipientaccountid: "111122223333",
      awsregion: "eu-west-2",
    },
    {
      eventname: "DeleteInstance",
      NumberOfDeletedInstances: "1",
      recipientaccountid: "444455556666",
      awsregion: "eu-west-2",
    },
  ]);
});

test("the blog's second query names who deleted them", async () => {
  const rows = await query(
    `SELECT useridentity.arn, eventtime, recipientaccountid, awsregion, sourceipaddress, requestparameters, errorcode
FROM cloudtrail_logs WHERE eventname='DeleteInstance' AND eventsource='connect.amazonaws.com';`,
  );
  expect(rows).toHaveLength(3);
  expect(rows).toContainEqual({
    arn: DEPLOYER_ARN,
    eventtime: "2026-11-20T10:00:00Z",
    recipientaccountid: "444455556666",
    awsregion: "eu-west-2",
    sourceipaddress: "192.0.2.1",
    requestparameters: '{"InstanceId":"aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"}',
    errorcode: "AccessDenied",
  });
});

test("the blog's third query lists what else that principal did", async () => {
  const rows = await query(
    `SELECT eventtime, eventname, recipientaccountid, awsregion, sourceipaddress, requestparameters, errorcode
FROM cloudtrail_logs WHERE useridentity.arn='${DEPLOYER_ARN}' AND eventsource='connect.amazonaws.com' ORDER BY eventtime;`,
  );
  expect(rows.map(({ eventtime, eventname }) => [eventtime, eventname])).toEqual([
    ["2024-09-29T14:24:33Z", "CreateContactFlowModule"],
    ["2026-11-20T10:00:00Z", "DeleteInstance"],
    ["2026-11-20T10:00:00Z", "DeleteInstance"],
    ["2026-11-20T10:00:00Z", "DeleteInstance"],
  ]);
});

test("every column has Athena's name and type", async () => {
  const text = "VARCHAR";
  const issuer = `STRUCT("type" ${text}, principalid ${text}, arn ${text}, accountid ${text}, username ${text})`;
  const federation = `STRUCT(federatedprovider ${text}, attributes MAP(VARCHAR, VARCHAR))`;
  const context = `STRUCT(attributes STRUCT(mfaauthenticated ${text}, creationdate ${text}), sessionissuer ${issuer}, ec2roledelivery ${text}, webidfederationdata ${federation})`;
  const described = await query("describe cloudtrail_logs");
  expect(Object.fromEntries(described.map((row) => [row.column_name, row.column_type]))).toEqual({
    eventversion: text,
    useridentity: `STRUCT("type" ${text}, principalid ${text}, arn ${text}, accountid ${text}, invokedby ${text}, accesskeyid ${text}, username ${text}, onbehalfof STRUCT(userid ${text}, identitystorearn ${text}), sessioncontext ${context})`,
    eventtime: text,
    eventsource: text,
    eventname: text,
    awsregion: text,
    sourceipaddress: text,
    useragent: text,
    errorcode: text,
    errormessage: text,
    requestparameters: text,
    responseelements: text,
    additionaleventdata: text,
    requestid: text,
    eventid: text,
    resources: `STRUCT(arn ${text}, accountid ${text}, "type" ${text})[]`,
    eventtype: text,
    apiversion: text,
    readonly: text,
    recipientaccountid: text,
    serviceeventdetails: text,
    sharedeventid: text,
    vpcendpointid: text,
    vpcendpointaccountid: text,
    eventcategory: text,
    addendum: `STRUCT(reason ${text}, updatedfields ${text}, originalrequestid ${text}, originaleventid ${text})`,
    sessioncredentialfromconsole: text,
    edgedevicedetails: text,
    tlsdetails: `STRUCT(tlsversion ${text}, ciphersuite ${text}, clientprovidedhostheader ${text})`,
    account: text,
    region: text,
    year: text,
    month: text,
    day: text,
  });
});

test("nested identity, federation, delegation, resources and TLS keep their values", async () => {
  const [federated] = await query(
    `select useridentity.sessioncontext as context, useridentity.accesskeyid, readonly, tlsdetails, account, region, year, month, day
     from cloudtrail_logs where eventid = 'FEDEXAMPLE-1234-5678-abcd-EXAMPLE00004'`,
  );
  expect(federated).toEqual({
    context: {
      attributes: { mfaauthenticated: "false", creationdate: "2024-08-10T15:00:00Z" },
      sessionissuer: {
        type: "Role",
        principalid: "AROAI3FHNTUD3XMDE2RFF",
        arn: "arn:aws:iam::111122223333:role/WebIdentityRole",
        accountid: "111122223333",
        username: "WebIdentityRole",
      },
      ec2roledelivery: "2.0",
      webidfederationdata: {
        federatedprovider: "https://accounts.google.com",
        attributes: [
          { key: "appid", value: "123456789.apps.googleusercontent.com" },
          { key: "aud", value: "123456789.apps.googleusercontent.com" },
        ],
      },
    },
    accesskeyid: "ASIAIOSFODNN7EXAMPLE2",
    readonly: "false",
    tlsdetails: {
      tlsversion: "TLSv1.3",
      ciphersuite: "TLS_AES_256_GCM_SHA384",
      clientprovidedhostheader: "s3.us-west-2.amazonaws.com",
    },
    account: "111122223333",
    region: "us-west-2",
    year: "2024",
    month: "08",
    day: "10",
  });
  const delegated = await query(
    `select useridentity.onbehalfof, resources from cloudtrail_logs where useridentity.onbehalfof.userid is not null`,
  );
  expect(delegated).toEqual([
    {
      onbehalfof: {
        userid: "e0b4f9c0-1234-5678-abcd-ef0123456789",
        identitystorearn: "arn:aws:identitystore::111122223333:identitystore/d-1234567890",
      },
      resources: [{ arn: "arn:aws:s3:::my-data-bucket/reports/data.csv", accountid: null, type: "AWS::S3::Object" }],
    },
  ]);
});

test("every fixture record is read whole, whatever it lacks", async () => {
  const [counted] = await query(
    `select count(*)::integer as logs, (select count(*)::integer from cloudtrail) as records,
       count(hash(cloudtrail_logs))::integer as read from cloudtrail_logs`,
  );
  expect(counted?.logs).toBe(counted?.records);
  expect(counted?.read).toBe(counted?.records);
  expect(Number(counted?.records)).toBeGreaterThan(25);
});
