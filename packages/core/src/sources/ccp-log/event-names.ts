/** A known message: what it starts with, what it is called, and whether it means that sound was or will be lost. */
interface KnownMessage {
  readonly start: string;
  readonly name: string;
  /** Words that must follow somewhere after the start. */
  readonly word?: string;
  readonly isMediaLoss?: boolean;
}

/** What a message is about. */
export interface NamedMessage {
  readonly name: string;
  /** Connect logs the loss of a call's sound at INFO only; such lines are raised to WARN (README, "Severity"). */
  readonly isMediaLoss: boolean;
}

/**
 * The first match counts. Messages of connect-rtc-js 1.x and 1.3, amazon-connect-streams 2.28 and the native CCP; the
 * wording, not the category, is the stable part ("SESSION Lost ICE connection" does not occur on the 1.3 path).
 */
const KNOWN_MESSAGES: readonly KnownMessage[] = [
  { start: "Publishing event: ", name: "event" },
  { start: "AWSClient: --> Calling operation", name: "api_call" },
  { start: "AWSClient: <-- Operation", word: "failed", name: "api_failed" },
  { start: "AWSClient: <-- Operation", name: "api_reply" },
  { start: "GET_AGENT_SNAPSHOT succeeded.", name: "snapshot" },
  { start: "Accept Contact failed", name: "accept_failed" },
  { start: "Log roll interval occurred.", name: "log_roll" },
  { start: "Contact detected: ", name: "contact_detected" },
  { start: "Softphone call detected: ", name: "call_started" },
  { start: "Softphone error occurred", name: "softphone_error" },
  { start: "Softphone call failed due to CallNotFoundException", name: "call_not_found" },
  { start: "sendSoftphoneMetrics", name: "softphone_metrics" },
  { start: "sendSoftphoneReport", name: "call_report" },
  { start: "sent TelemetryCallReport", name: "call_report" },
  { start: "First RTP packet received", name: "first_rtp" },

  { start: "Lost ICE connection", name: "ice_lost", isMediaLoss: true },
  { start: "Detected Lost ICE connection", name: "ice_lost", isMediaLoss: true },
  { start: "ICE connection lost", name: "ice_lost", isMediaLoss: true },
  { start: "ICE connection failed", name: "ice_failed", isMediaLoss: true },
  { start: "Peer connection failed", name: "peer_connection_failed", isMediaLoss: true },
  { start: "The network recovered, IceRestart cancelled", name: "ice_recovered" },
  { start: "Trying to restart ICE connection", name: "ice_restart" },
  { start: "Server detect peer connection being unhealthy", name: "ice_restart" },
  { start: "ICE restart offer created", name: "ice_restart" },
  { start: "ICE restart completed successfully", name: "ice_restarted" },
  { start: "ICE restart completed. Success: true", name: "ice_restarted" },
  { start: "ICE restart completed. Success: false", name: "ice_restart_failed", isMediaLoss: true },
  { start: "ICE restart event: success=true", name: "ice_restarted" },
  { start: "ICE restart event: success=false", name: "ice_restart_failed", isMediaLoss: true },
  { start: "ICE restart failed", name: "ice_restart_failed", isMediaLoss: true },
  { start: "Max invite attempts reached", name: "ice_restart_failed", isMediaLoss: true },
  { start: "ICE Connection State", word: " failed", name: "ice_state", isMediaLoss: true },
  { start: "ICE Connection State", name: "ice_state" },
  { start: "CallSession ICE Connection State", word: " failed", name: "ice_state", isMediaLoss: true },
  { start: "CallSession ICE Connection State", name: "ice_state" },
  { start: "Peer Connection State", word: " failed", name: "peer_connection_state", isMediaLoss: true },
  { start: "Peer Connection State", name: "peer_connection_state" },

  { start: "No ICE candidate", name: "ice_no_candidate" },
  { start: "ICE collection timed out", name: "ice_no_candidate" },
  { start: "Failed connecting to signaling server", name: "signaling_failed" },
  { start: "Failed handshaking with signaling server", name: "handshake_failed" },
  { start: "[TalkingState] Access Denied", name: "handshake_failed" },
  { start: "User Busy", name: "user_busy" },
  { start: "Call not found", name: "call_not_found" },
  { start: "Local media initialization failed", name: "mic_denied" },
  { start: "Shared media session failed", name: "session_failed" },
  { start: "Shared media session error", name: "session_failed" },
  { start: "Entering Failed state", name: "session_failed" },
  { start: "CreateOffer failed", name: "session_failed" },
  { start: "SetLocalDescription failed", name: "session_failed" },
  { start: "SetRemoteDescription failed", name: "session_failed" },
  { start: "Invalid remote SDP", name: "session_failed" },
  { start: "No remote ICE candidate", name: "session_failed" },
  { start: "Number of active sessions are more then allowed limit", name: "too_many_sessions" },

  { start: "[Softphone Manager] Agent has muted", name: "mute" },
  { start: "Agent has muted", name: "mute" },
  { start: "[Softphone Manager] Agent has unmuted", name: "unmute" },
  { start: "Agent has unmuted", name: "unmute" },
  { start: "[Softphone Manager] Microphone Permission: denied", name: "mic_denied" },
  { start: "[httpClient]: Client HTTP Error", name: "api_failed" },
  { start: "[fac.fac-api-client]: API request failed", name: "api_failed" },
];

interface KnownStart {
  readonly start: string;
  readonly word: string | undefined;
  readonly named: NamedMessage;
}

/** By the code of the first character, so that a message is compared with a handful of starts. */
const KNOWN_BY_FIRST_CODE = groupByFirstCode(KNOWN_MESSAGES);
const NONE: readonly KnownStart[] = [];

const LOG: NamedMessage = { name: "log", isMediaLoss: false };
const API_FAILED: NamedMessage = { name: "api_failed", isMediaLoss: false };
const HANDLER_FAILED: NamedMessage = { name: "handler_failed", isMediaLoss: false };
const SESSION_STATE: NamedMessage = { name: "session_state", isMediaLoss: false };
const WEBSOCKET: NamedMessage = { name: "websocket", isMediaLoss: false };
const WEBSOCKET_LOST: NamedMessage = { name: "websocket_lost", isMediaLoss: false };

/** A stable word for the message; `log` for what is not known. */
export function nameMessage(message: string): NamedMessage {
  const first = message.charCodeAt(0);
  for (const known of KNOWN_BY_FIRST_CODE[first] ?? NONE) {
    if (message.startsWith(known.start) && (known.word === undefined || message.includes(known.word))) {
      return known.named;
    }
  }
  if (first === APOSTROPHE) return nameQuoted(message);
  if (first === BRACKET && message.includes("]AMZ_WEB_SOCKET_MANAGER: ")) return nameWebSocket(message);
  return message.includes("State => ") ? SESSION_STATE : LOG;
}

const APOSTROPHE = 0x27;
const BRACKET = 0x5b;

/** `'acceptContact' API request failed`, `'contact::init' event handler failed.` */
function nameQuoted(message: string): NamedMessage {
  if (message.includes("' event handler failed")) return HANDLER_FAILED;
  return message.includes("' API request failed") ? API_FAILED : LOG;
}

/**
 * Every normal start logs "Websocket connection lost" and "Initializing Websocket Manager Failed!" under
 * [ADVANCED_LOG]: they are written when the callback is registered, not when it is called (observed with
 * amazon-connect-streams 2.28.2, 2026-11-20). Only the sentence below tells a real loss.
 */
function nameWebSocket(message: string): NamedMessage {
  return message.includes("Neither primary websocket and nor secondary websocket") ? WEBSOCKET_LOST : WEBSOCKET;
}

function groupByFirstCode(messages: readonly KnownMessage[]): readonly (readonly KnownStart[] | undefined)[] {
  const groups: KnownStart[][] = [];
  for (const { start, word, name, isMediaLoss } of messages) {
    (groups[start.charCodeAt(0)] ??= []).push({ start, word, named: { name, isMediaLoss: isMediaLoss ?? false } });
  }
  return groups;
}

const OPERATION_STARTS: readonly string[] = ["AWSClient: --> Calling operation ", "AWSClient: <-- Operation "];

/** The API operation of a call, a reply or a failure; retries write it without the quotes. */
export function operationOf(message: string, eventName: string): string | undefined {
  if (!eventName.startsWith("api_")) return undefined;
  if (message.charCodeAt(0) === APOSTROPHE) return message.slice(1, message.indexOf("'", 1));
  const start = OPERATION_STARTS.find((text) => message.startsWith(text));
  return start === undefined ? undefined : OPERATION.exec(message.slice(start.length))?.[1];
}

const OPERATION = /^'?([\w.]+)/;
