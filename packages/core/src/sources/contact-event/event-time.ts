import { parseInstant } from "../../instant.ts";
import type { UnixMillis } from "../../record.ts";
import type { ReceivedRecord } from "../../source.ts";
import type { ContactEventDetailWire, ContactEventWire } from "./wire.ts";

/**
 * The detail's own timestamp of what the event reports; undefined for types that have none (CONTACT_DATA_UPDATED,
 * PAUSED, RESUMED, AMD_DISABLED and any later one) and where the timestamp is missing or the 1970 sentinel.
 */
export function detailTimeOf(detail: ContactEventDetailWire): UnixMillis | undefined {
  switch (detail.eventType) {
    case "INITIATED":
      return parseInstant(detail.initiationTimestamp);
    case "CONNECTED_TO_SYSTEM":
      return parseInstant(detail.connectedToSystemTimestamp);
    case "QUEUED":
      return parseInstant(detail.queueInfo?.enqueueTimestamp);
    case "CONNECTED_TO_AGENT":
      return parseInstant(detail.agentInfo?.connectedToAgentTimestamp);
    case "DISCONNECTED":
      return parseInstant(detail.disconnectTimestamp);
    case "COMPLETED":
      return parseInstant(detail.agentInfo?.afterContactWorkEndTimestamp) ?? parseInstant(detail.disconnectTimestamp);
    default:
      return undefined;
  }
}

/** When it happened: the detail's own time, else the envelope's (whole seconds), else what the carrier gives. */
export function eventTimeOf(event: ContactEventWire, received: ReceivedRecord): UnixMillis | undefined {
  return detailTimeOf(event.detail) ?? parseInstant(event.envelope?.time) ?? received.carrier?.time;
}
