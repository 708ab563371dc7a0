import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { ReceiverConfig } from "../../config/receiver-config.ts";
import { callAws } from "../aws/aws-call.ts";
import type { AwsConnection } from "../aws/aws-config.ts";
import { awsClientOptions } from "../aws/client-options.ts";
import { parseLogGroup, type CloudwatchLogsConfig } from "../cloudwatch-logs/config.ts";
import { parseStream, type KinesisReceiverConfig } from "../kinesis/config.ts";
import type { SqsConfig } from "../sqs/config.ts";
import type { SendCanary } from "./canary-loop.ts";
import { canaryUserAgent, writeCanary } from "./canary-note.ts";

/** The stream of a log group that canaries are put into, apart from the flows' own. */
const CANARY_LOG_STREAM = "fourwire-canary";

/** How a canary is sent for a receiver: by the service's own client, with the receiver's credentials. */
export function createCanarySender(config: ReceiverConfig): SendCanary {
  switch (config.type) {
    case "kinesis":
      return kinesisSender(config);
    case "sqs":
      return sqsSender(config);
    case "cloudwatch_logs":
      return logGroupSender(config);
    case "event_history":
      return trailSender({ ...config, region: config.regions[0] }, config.name);
    case "s3_cloudtrail":
      // its endpoint is that of the bucket, where CloudTrail does not answer
      return trailSender({ ...config, endpoint: undefined }, config.name);
  }
}

function kinesisSender(config: KinesisReceiverConfig): SendCanary {
  const configKey = `receivers.${config.name}`;
  const { name, region, request } = parseStream(config.stream);
  const client = new KinesisClient(awsClientOptions(config, { configKey, region }));
  const call = { action: "kinesis:PutRecord", subject: `stream "${name}"`, configKey, subjectKey: "stream" };
  return async (note, signal) => {
    // its id as the partition key: canaries go round the shards
    const command = new PutRecordCommand({ ...request, PartitionKey: note.id, Data: Buffer.from(writeCanary(note)) });
    await callAws(call, signal, () => client.send(command, { abortSignal: signal }));
  };
}

function sqsSender(config: SqsConfig): SendCanary {
  const configKey = `receivers.${config.name}`;
  const client = new SQSClient(awsClientOptions(config, { configKey }));
  const call = {
    action: "sqs:SendMessage",
    subject: `queue "${config.queue_url}"`,
    configKey,
    subjectKey: "queue_url",
  };
  const isFifo = config.queue_url.endsWith(".fifo");
  return async (note, signal) => {
    const command = new SendMessageCommand({
      QueueUrl: config.queue_url,
      MessageBody: writeCanary(note),
      ...(isFifo ? { MessageGroupId: CANARY_LOG_STREAM, MessageDeduplicationId: note.id } : {}),
    });
    await callAws(call, signal, () => client.send(command, { abortSignal: signal }));
  };
}

function logGroupSender(config: CloudwatchLogsConfig): SendCanary {
  const configKey = `receivers.${config.name}`;
  const { name, region } = parseLogGroup(config.log_group);
  const client = new CloudWatchLogsClient(awsClientOptions(config, { configKey, region }));
  const place = { subject: `log group "${name}"`, configKey, subjectKey: "log_group" };
  const stream = { logGroupName: name, logStreamName: CANARY_LOG_STREAM };
  let hasStream = false;
  return async (note, signal) => {
    if (!hasStream) {
      await callAws({ ...place, action: "logs:CreateLogStream" }, signal, async () => {
        try {
          await client.send(new CreateLogStreamCommand(stream), { abortSignal: signal });
        } catch (error) {
          if (!(error instanceof ResourceAlreadyExistsException)) throw error;
        }
      });
      hasStream = true;
    }
    const logEvents = [{ timestamp: note.sentTime, message: writeCanary(note) }];
    await callAws({ ...place, action: "logs:PutLogEvents" }, signal, () =>
      client.send(new PutLogEventsCommand({ ...stream, logEvents }), { abortSignal: signal }),
    );
  };
}

/** A look-up of one event is an API call that every trail of the account records, with the caller's user agent. */
function trailSender(connection: AwsConnection, name: string): SendCanary {
  const configKey = `receivers.${name}`;
  const options = awsClientOptions(connection, { configKey });
  const call = { action: "cloudtrail:LookupEvents", subject: "the Event history", configKey, subjectKey: "region" };
  return async (note, signal) => {
    const [product, version] = canaryUserAgent({ receiver: name, id: note.id });
    const client = new CloudTrailClient({ ...options, customUserAgent: [[product, version]] });
    await callAws(call, signal, () => client.send(new LookupEventsCommand({ MaxResults: 1 }), { abortSignal: signal }));
  };
}
