import {
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type CloudWatchLogsClient,
  type LogGroup as DescribedGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsCallError, callAws } from "../aws/aws-call.ts";
import type { AwsCall } from "../aws/aws-failure.ts";
import type { SweepWindow } from "../time-sweep.ts";
import { parseLogGroup, type CloudwatchLogsConfig } from "./config.ts";

/** Events of one answer; CloudWatch ends it at 1 MB besides. */
const PAGE_EVENTS = 10_000;

/** Pages of log groups that are looked through for one name. */
const MAX_GROUP_PAGES = 20;

export interface LogEvent {
  readonly id: string | undefined;
  readonly timestamp: number;
  readonly message: string;
}

export interface EventPage {
  readonly events: readonly LogEvent[];
  readonly nextToken: string | undefined;
}

/** What is known of a group. Nothing of it is needed to read events. */
export interface GroupFacts {
  readonly creationTime: number | undefined;
  readonly retentionMs: number | undefined;
  readonly accountId: string | undefined;
  /** Without the asterisk that most ARNs of groups end with. */
  readonly arn: string | undefined;
}

/** The token of a page was not taken: it has expired, or the group was made anew in between. */
export class TokenExpiredError extends Error {
  override readonly name = "TokenExpiredError";
}

/** One log group, read as a whole. */
export class LogGroup {
  readonly #client: CloudWatchLogsClient;
  readonly #config: CloudwatchLogsConfig;
  readonly #name: string;
  readonly #accountId: string | undefined;

  constructor(client: CloudWatchLogsClient, config: CloudwatchLogsConfig) {
    this.#client = client;
    this.#config = config;
    const parsed = parseLogGroup(config.log_group);
    this.#name = parsed.name;
    this.#accountId = parsed.accountId;
  }

  get name(): string {
    return this.#name;
  }

  /** One page of a window. Pages may be empty and yet have a successor. Throws `TokenExpiredError`, `AwsCallError`. */
  async page(window: SweepWindow, token: string | undefined, signal: AbortSignal): Promise<EventPage> {
    const which = this.#accountId === undefined ? { logGroupName: this.#name } : { logGroupIdentifier: this.#arn };
    try {
      const answer = await callAws(this.call("logs:FilterLogEvents"), signal, () =>
        this.#client.send(
          new FilterLogEventsCommand({
            ...which,
            startTime: Math.floor(window.fromTime),
            endTime: Math.ceil(window.toTime),
            limit: PAGE_EVENTS,
            ...(token === undefined ? {} : { nextToken: token }),
          }),
          { abortSignal: signal },
        ),
      );
      return {
        events: (answer.events ?? []).map((event) => ({
          id: event.eventId,
          timestamp: event.timestamp ?? window.fromTime,
          message: event.message ?? "",
        })),
        nextToken: answer.nextToken,
      };
    } catch (error) {
      const isToken = error instanceof AwsCallError && error.failure.name === "InvalidParameterException";
      if (token !== undefined && isToken) throw new TokenExpiredError(error.message, { cause: error });
      throw error;
    }
  }

  /** Undefined where the group does not exist; no facts where we may not ask. */
  async describe(signal: AbortSignal): Promise<GroupFacts | undefined> {
    let token: string | undefined;
    try {
      for (let page = 0; page < MAX_GROUP_PAGES; page++) {
        const given = token;
        const answer = await callAws(this.call("logs:DescribeLogGroups"), signal, () =>
          this.#client.send(
            new DescribeLogGroupsCommand({
              logGroupNamePrefix: this.#name,
              ...(this.#accountId === undefined ? {} : { accountIdentifiers: [this.#accountId] }),
              ...(this.#accountId === undefined ? {} : { includeLinkedAccounts: true }),
              ...(given === undefined ? {} : { nextToken: given }),
            }),
            { abortSignal: signal },
          ),
        );
        const group = answer.logGroups?.find((one) => one.logGroupName === this.#name);
        if (group !== undefined) return this.#factsOf(group);
        token = answer.nextToken;
        if (token === undefined) return undefined;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsCallError) || !["denied", "refused"].includes(error.failure.kind)) throw error;
      return { creationTime: undefined, retentionMs: undefined, accountId: this.#accountId, arn: undefined };
    }
  }

  #factsOf(group: DescribedGroup): GroupFacts {
    return {
      creationTime: group.creationTime,
      retentionMs: group.retentionInDays === undefined ? undefined : group.retentionInDays * 86_400_000,
      accountId: this.#accountId ?? parseLogGroup(group.arn ?? "").accountId,
      arn: (group.logGroupArn ?? group.arn)?.replace(/:\*$/, ""),
    };
  }

  /** Throws where the group is given by name and we may not ask for its ARN, or it does not exist. */
  async arn(signal: AbortSignal): Promise<string> {
    if (parseLogGroup(this.#config.log_group).accountId !== undefined) return this.#arn;
    const arn = (await this.describe(signal))?.arn;
    if (arn !== undefined) return arn;
    throw new Error(
      `live_tail needs the ARN of ${this.#config.log_group}: write it in receivers.${this.#config.name}.log_group, or allow logs:DescribeLogGroups`,
    );
  }

  get #arn(): string {
    return this.#config.log_group.replace(/:\*$/, "");
  }

  call(action: string): AwsCall {
    return {
      action,
      subject: `log group "${this.#config.log_group}"`,
      configKey: `receivers.${this.#config.name}`,
      subjectKey: "log_group",
    };
  }
}
