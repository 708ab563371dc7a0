import { LookupEventsCommand, type CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { AwsCallError, callAws } from "../aws/aws-call.ts";
import type { AwsCall } from "../aws/aws-failure.ts";
import type { SweepWindow } from "../time-sweep.ts";

/** Events of one answer; the service gives no more. */
const PAGE_EVENTS = 50;

export interface HistoryEvent {
  readonly id: string;
  readonly time: number;
  /** The record as CloudTrail wrote it. */
  readonly body: string;
}

export interface HistoryPage {
  readonly events: readonly HistoryEvent[];
  readonly nextToken: string | undefined;
}

/** The token of a page was not taken: it has expired. */
export class LookupTokenError extends Error {
  override readonly name = "LookupTokenError";
}

export interface LookupRequest {
  readonly client: CloudTrailClient;
  readonly call: AwsCall;
  /** Undefined: of all services. */
  readonly eventSource: string | undefined;
  readonly window: SweepWindow;
  readonly token: string | undefined;
}

/** One page of a Region's Event history, newest first. Throws `LookupTokenError`, `AwsCallError`. */
export async function lookupEvents(request: LookupRequest, signal: AbortSignal): Promise<HistoryPage> {
  const { client, eventSource, window, token } = request;
  try {
    const answer = await callAws(request.call, signal, () =>
      client.send(
        new LookupEventsCommand({
          // the service's clock has whole seconds, both ends included
          StartTime: new Date(Math.floor(window.fromTime / 1000) * 1000),
          EndTime: new Date(Math.ceil(window.toTime / 1000) * 1000),
          MaxResults: PAGE_EVENTS,
          ...(eventSource === undefined
            ? {}
            : { LookupAttributes: [{ AttributeKey: "EventSource", AttributeValue: eventSource }] }),
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal: signal },
      ),
    );
    const events = (answer.Events ?? []).map((event) => ({
      id: event.EventId ?? "",
      time: event.EventTime?.getTime() ?? window.fromTime,
      // without the record there is only its summary: rejected, but kept
      body: event.CloudTrailEvent ?? JSON.stringify(event),
    }));
    return { events, nextToken: answer.NextToken };
  } catch (error) {
    const isToken = error instanceof AwsCallError && error.failure.name === "InvalidNextTokenException";
    if (isToken) throw new LookupTokenError(error.message, { cause: error });
    throw error;
  }
}
