import { describe, expect, test } from "vitest";
import { nameMessage, operationOf } from "./event-names.ts";

describe("known messages", () => {
  test.each([
    ["Lost ICE connection", "ice_lost"],
    ["Detected Lost ICE connection, pending IceRestart", "ice_lost"],
    ["Detected Lost ICE connection, IceRestart not supported", "ice_lost"],
    ["ICE connection lost - incrementing iceConnectionsLost counter", "ice_lost"],
    ["ICE connection failed - marking iceConnectionsFailed", "ice_failed"],
    ["Peer connection failed - marking peerConnectionFailed", "peer_connection_failed"],
    ["ICE Connection State:  failed", "ice_state"],
    ["Peer Connection State:  failed", "peer_connection_state"],
    ["ICE restart completed. Success: false", "ice_restart_failed"],
    ["ICE restart event: success=false, time=8018ms, retries=0", "ice_restart_failed"],
    ["ICE restart failed during setRemoteDescription", "ice_restart_failed"],
    ["Max invite attempts reached, giving up", "ice_restart_failed"],
  ])("%s is %s and means that sound was lost", (message, name) => {
    expect(nameMessage(message)).toEqual({ name, isMediaLoss: true });
  });

  test.each([
    ["ICE Connection State:  connected", "ice_state"],
    ["ICE Connection State changed: disconnected", "ice_state"],
    ["CallSession ICE Connection State: disconnected", "ice_state"],
    ["Peer Connection State:  connected", "peer_connection_state"],
    ["Trying to restart ICE connection", "ice_restart"],
    ["ICE restart offer created and set as local description", "ice_restart"],
    ["Server detect peer connection being unhealthy, performing IceRestart", "ice_restart"],
    ["The network recovered, IceRestart cancelled", "ice_recovered"],
    ["ICE restart completed successfully after 1 retries", "ice_restarted"],
    ["ICE restart event: success=true, time=800ms, retries=0", "ice_restarted"],
    ["No ICE candidate", "ice_no_candidate"],
    ["ICE collection timed out", "ice_no_candidate"],
    ["Failed connecting to signaling server", "signaling_failed"],
    ["Failed handshaking with signaling server", "handshake_failed"],
    ["[TalkingState] Access Denied by server", "handshake_failed"],
    ["User Busy, possibly multiple CCP windows open", "user_busy"],
    ["Call not found. One of the participant probably hungup.", "call_not_found"],
    ["Softphone call failed due to CallNotFoundException.", "call_not_found"],
    ["Local media initialization failed", "mic_denied"],
    ["[Softphone Manager] Microphone Permission: denied", "mic_denied"],
    ["[Softphone Manager] Microphone Permission: granted", "log"],
    ["Shared media session failed: Ice Collection Timeout", "session_failed"],
    ["Entering Failed state: Ice Collection Timeout", "session_failed"],
    ["Softphone error occurred :  ice_collection_timeout Ice collection timedout.", "softphone_error"],
    ["Softphone call detected: contactId c agent connectionId d", "call_started"],
    ["Contact detected: contactId c agent connectionId d", "contact_detected"],
    ["sent TelemetryCallReport {}", "call_report"],
    ["sendSoftphoneReport failure", "call_report"],
    ["sendSoftphoneMetrics success[]", "softphone_metrics"],
    ["[Softphone Manager] Agent has muted the contact, connectionId -  d", "mute"],
    ["[Softphone Manager] Agent has unmuted the contact, connectionId - d", "unmute"],
    ["First RTP packet received after 339ms", "first_rtp"],
    ["Number of active sessions are more then allowed limit for the client c", "too_many_sessions"],
    ["ConnectSignalingAndIceCollectionState => FailedState", "session_state"],
    ["AWSClient: --> Calling operation 'getAgentSnapshot'", "api_call"],
    ["AWSClient: <-- Operation 'getAgentSnapshot' succeeded.", "api_reply"],
    ['AWSClient: <-- Operation \'acceptContact\' failed: {"message":"kaput"}', "api_failed"],
    ["AWSClient: <-- Operation acceptContact failed with unauthorized error. Retrying call for a 1 time", "api_failed"],
    ["'acceptContact' API request failed", "api_failed"],
    ["[fac.fac-api-client]: API request failed", "api_failed"],
    ["[httpClient]: Client HTTP Error", "api_failed"],
    ["Accept Contact failed", "accept_failed"],
    ["GET_AGENT_SNAPSHOT succeeded.", "snapshot"],
    ["'contact::init' event handler failed.", "handler_failed"],
    ["Publishing event: contact::missed", "event"],
    ["Log roll interval occurred.", "log_roll"],
    ["something nobody has seen", "log"],
    ["", "log"],
  ])("%s is %s", (message, name) => {
    expect(nameMessage(message)).toEqual({ name, isMediaLoss: false });
  });
});

describe("WebSocket lines", () => {
  const at = "[2026-11-20T12:08:10.255Z]";
  test.each([
    `${at}[ADVANCED_LOG]AMZ_WEB_SOCKET_MANAGER: Initializing Websocket Manager Failed!`,
    `${at}[ADVANCED_LOG]AMZ_WEB_SOCKET_MANAGER: Websocket connection lost`,
    `${at}[ADVANCED_LOG]AMZ_WEB_SOCKET_MANAGER: Websocket subscription failure`,
  ])("a callback's registration is no loss: %s", (message) => {
    expect(nameMessage(message)).toEqual({ name: "websocket", isMediaLoss: false });
  });

  test("only the sentence about both sockets is a loss", () => {
    const message = `${at}[WARN]AMZ_WEB_SOCKET_MANAGER: Neither primary websocket and nor secondary websocket have open connections, attempting to re-establish connection`;
    expect(nameMessage(message).name).toBe("websocket_lost");
  });
});

test.each([
  ["AWSClient: --> Calling operation 'createTransport'", "createTransport"],
  ["AWSClient: <-- Operation 'getAgentSnapshot' succeeded.", "getAgentSnapshot"],
  [
    "AWSClient: <-- Operation acceptContact failed with access denied error. Retrying call for a 2 time",
    "acceptContact",
  ],
  ["'acceptContact' API request failed", "acceptContact"],
  ["[httpClient]: Client HTTP Error", undefined],
  ["'contact::init' event handler failed.", undefined],
  ["GET_AGENT_SNAPSHOT succeeded.", undefined],
])("the operation of %s is %s", (message, operation) => {
  expect(operationOf(message, nameMessage(message).name)).toBe(operation);
});
