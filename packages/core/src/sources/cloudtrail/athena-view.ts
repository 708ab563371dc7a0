/** A struct field and the path of its text in the JSON column. */
type Field = readonly [name: string, path: string];

const IDENTITY_FIELDS: readonly Field[] = [
  ["type", "$.type"],
  ["principalid", "$.principalId"],
  ["arn", "$.arn"],
  ["accountid", "$.accountId"],
  ["invokedby", "$.invokedBy"],
  ["accesskeyid", "$.accessKeyId"],
  ["username", "$.userName"],
];
const ON_BEHALF_OF_FIELDS: readonly Field[] = [
  ["userid", "$.onBehalfOf.userId"],
  ["identitystorearn", "$.onBehalfOf.identityStoreArn"],
];
const ATTRIBUTE_FIELDS: readonly Field[] = [
  ["mfaauthenticated", "$.sessionContext.attributes.mfaAuthenticated"],
  ["creationdate", "$.sessionContext.attributes.creationDate"],
];
const SESSION_ISSUER_FIELDS: readonly Field[] = [
  ["type", "$.sessionContext.sessionIssuer.type"],
  ["principalid", "$.sessionContext.sessionIssuer.principalId"],
  ["arn", "$.sessionContext.sessionIssuer.arn"],
  ["accountid", "$.sessionContext.sessionIssuer.accountId"],
  ["username", "$.sessionContext.sessionIssuer.userName"],
];
const RESOURCE_FIELDS: readonly Field[] = [
  ["arn", "$.ARN"],
  ["accountid", "$.accountId"],
  ["type", "$.type"],
];
const ADDENDUM_FIELDS: readonly Field[] = [
  ["reason", "$.reason"],
  ["updatedfields", "$.updatedFields"],
  ["originalrequestid", "$.originalRequestID"],
  ["originaleventid", "$.originalEventID"],
];
const TLS_FIELDS: readonly Field[] = [
  ["tlsversion", "$.tlsVersion"],
  ["ciphersuite", "$.cipherSuite"],
  ["clientprovidedhostheader", "$.clientProvidedHostHeader"],
];

function fieldsSql(json: string, fields: readonly Field[]): string {
  return fields.map(([name, path]) => `${name} := ${json} ->> '${path}'`).join(", ");
}

/** A struct where there is JSON, null where there is none. */
function structSql(json: string, fields: string): string {
  return `case when ${json} is not null then struct_pack(${fields}) end`;
}

// Athena reads what is missing inside a present struct as null, and so do we: the inner structs are never null
// themselves, so that `useridentity.sessioncontext.sessionissuer.arn` is plain text or null.
function userIdentitySql(json: string): string {
  const federation = "$.sessionContext.webIdFederationData";
  const context = [
    `attributes := struct_pack(${fieldsSql(json, ATTRIBUTE_FIELDS)})`,
    `sessionissuer := struct_pack(${fieldsSql(json, SESSION_ISSUER_FIELDS)})`,
    `ec2roledelivery := ${json} ->> '$.sessionContext.ec2RoleDelivery'`,
    `webidfederationdata := struct_pack(
        federatedprovider := ${json} ->> '${federation}.federatedProvider',
        attributes := cast(${json} -> '${federation}.attributes' as map(varchar, varchar)))`,
  ].join(",\n      ");
  return structSql(
    json,
    `${fieldsSql(json, IDENTITY_FIELDS)},
    onbehalfof := struct_pack(${fieldsSql(json, ON_BEHALF_OF_FIELDS)}),
    sessioncontext := struct_pack(
      ${context})`,
  );
}

function resourcesSql(json: string): string {
  return `case when json_type(${json}) = 'ARRAY' then
    list_transform(cast(${json} as json[]), lambda item: struct_pack(${fieldsSql("item", RESOURCE_FIELDS)})) end`;
}

/**
 * The query behind the view `cloudtrail_logs`: our `cloudtrail` rows with the columns, types and partition keys of
 * the table that AWS documents for Athena, so that queries written there run unchanged in DuckDB. `fromRelation` is
 * SQL of our own (a table or view name), never a user's.
 * https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table.html (read 2026-11-20)
 */
export function cloudtrailLogsViewSql(fromRelation: string): string {
  return `select
  event_version as eventversion,
  ${userIdentitySql("identity_json")} as useridentity,
  strftime(utc_time, '%Y-%m-%dT%H:%M:%SZ') as eventtime,
  event_source as eventsource,
  event_name as eventname,
  region as awsregion,
  source_ip as sourceipaddress,
  user_agent as useragent,
  error_code as errorcode,
  error_message as errormessage,
  request_parameters as requestparameters,
  response_elements as responseelements,
  additional_event_data as additionaleventdata,
  request_id as requestid,
  original_id as eventid,
  ${resourcesSql("resources_json")} as resources,
  event_type as eventtype,
  api_version as apiversion,
  cast(read_only as varchar) as readonly,
  recipient_account_id as recipientaccountid,
  service_event_details as serviceeventdetails,
  shared_event_id as sharedeventid,
  vpc_endpoint_id as vpcendpointid,
  vpc_endpoint_account_id as vpcendpointaccountid,
  event_category as eventcategory,
  ${structSql("addendum_json", fieldsSql("addendum_json", ADDENDUM_FIELDS))} as addendum,
  case when is_console_session then 'true' end as sessioncredentialfromconsole,
  edge_device_details as edgedevicedetails,
  ${structSql("tls_json", fieldsSql("tls_json", TLS_FIELDS))} as tlsdetails,
  account_id as account,
  region,
  strftime(utc_time, '%Y') as year,
  strftime(utc_time, '%m') as month,
  strftime(utc_time, '%d') as day
from (
  select
    *,
    event_time at time zone 'UTC' as utc_time,
    cast(user_identity as json) as identity_json,
    cast(resources as json) as resources_json,
    cast(addendum as json) as addendum_json,
    cast(tls_details as json) as tls_json
  from ${fromRelation}
)`;
}
