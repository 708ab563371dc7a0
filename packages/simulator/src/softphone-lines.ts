import { apiCallLines, softphoneLine, type TimedLine } from "./browser-lines.ts";
import type { CcpLevel } from "./wires/ccp-log.ts";

// Texts of connect-rtc-js 1.3 on its second path (RtcPeerConnectionManagerV2), as captured from the real library.
// https://github.com/aws/connect-rtc-js (read 2026-11-20)

/** One contact's media, on one of the library's two paths. */
export interface MediaSession {
  readonly contactId: string;
  readonly path: "V1" | "V2";
}

export type MediaCategory = "CallSession" | "SharedMediaSession" | "SharedMediaSIGNALING" | "";

export type MediaStep = readonly [offsetMs: number, category: MediaCategory, message: string, level?: CcpLevel];

const FIRST_PATH_CATEGORIES = { SharedMediaSession: "SESSION", SharedMediaSIGNALING: "SIGNALING" } as const;

/** The steps as the path's own loggers prefix them; the first path has no CallSession and no manager's summary. */
export function mediaLines(
  { contactId, path }: MediaSession,
  fromMs: number,
  steps: readonly MediaStep[],
): TimedLine[] {
  return steps.flatMap(([offsetMs, category, message, level]) => {
    const line = (text: string) => softphoneLine(fromMs + offsetMs, level ?? "INFO", text);
    if (path === "V2") {
      const scope = category === "" ? "" : `${contactId} ${category} `;
      return [line(`${contactId} RtcPeerConnectionManagerV2 ${scope}${message}`)];
    }
    if (category === "" || category === "CallSession") return [];
    return [line(`${contactId} RtcPeerConnectionManager ${contactId} ${FIRST_PATH_CATEGORIES[category]} ${message}`)];
  });
}

/** The media session is set up while the phone still rings. */
export function mediaSetUpLines(media: MediaSession, fromMs: number): TimedLine[] {
  return mediaLines(media, fromMs, [
    [0, "SharedMediaSession", "GrabLocalMediaState => CreateOfferState"],
    [12, "SharedMediaSession", "CreateOfferState => SetLocalSessionDescriptionState"],
    [23, "SharedMediaSession", "SetLocalSessionDescriptionState => ConnectSignalingAndIceCollectionState"],
    [25, "SharedMediaSIGNALING", "PendingConnectState => PendingInviteState"],
    [31, "SharedMediaSession", "ConnectSignalingAndIceCollectionState => InviteAnswerState"],
    [33, "SharedMediaSIGNALING", "PendingInviteState => PendingAnswerState"],
    [214, "SharedMediaSIGNALING", "PendingAnswerState => PendingAcceptState"],
    [216, "SharedMediaSession", "InviteAnswerState => AcceptState"],
    [219, "SharedMediaSession", "ICE Connection State:  checking"],
    [220, "SharedMediaSession", "Peer Connection State:  connecting"],
    [251, "SharedMediaSIGNALING", "PendingAcceptState => TalkingState"],
    [288, "SharedMediaSession", "ICE Connection State:  connected"],
    [289, "", "ICE Connection State changed: connected"],
    [291, "SharedMediaSession", "Peer Connection State:  connected"],
    [293, "SharedMediaSession", "AcceptState => TalkingState"],
    [294, "CallSession", "InitialState => ConnectContactState"],
  ]);
}

export function talkingLines(media: MediaSession, fromMs: number): TimedLine[] {
  return mediaLines(media, fromMs, [
    [0, "CallSession", "ConnectContactState => TalkingState"],
    [31, "CallSession", "First RTP packet received after 298ms"],
  ]);
}

export function mediaEndLines(media: MediaSession, fromMs: number): TimedLine[] {
  return mediaLines(media, fromMs, [
    [0, "CallSession", "TalkingState => DisconnectedState"],
    [2, "SharedMediaSIGNALING", "TalkingState => PendingRemoteHangupState"],
    [40, "SharedMediaSession", "TalkingState => CleanUpState"],
    [44, "SharedMediaSession", "CleanUpState => DisconnectedState"],
    [45, "SharedMediaSIGNALING", "PendingRemoteHangupState => DisconnectedState"],
  ]);
}

/** Lost, restarted after 3 s, recovered: all at INFO, as in the real library. The first path waits and recovers. */
export function iceLossLines(media: MediaSession, restartMs: number): TimedLine[] {
  const back = 3_001 + restartMs;
  if (media.path === "V1") {
    return mediaLines(media, 0, [
      ...firstPathLoss(),
      [back - 2, "SharedMediaSession", "ICE Connection State:  connected"],
      [back - 1, "SharedMediaSession", "Peer Connection State:  connected"],
    ]);
  }
  return mediaLines(media, 0, [
    ...secondPathLoss(),
    [back - 90, "SharedMediaSession", "ICE Connection State:  checking"],
    [back - 2, "SharedMediaSession", "ICE Connection State:  connected"],
    [back - 1, "", "ICE Connection State changed: connected"],
    [back, "SharedMediaSession", "ICE restart completed successfully after 0 retries"],
    [back, "SharedMediaSession", "Substate: IceRestartSubstate => ConnectedSubstate"],
    [back + 1, "", "ICE restart completed. Success: true"],
    [back + 2, "CallSession", `ICE restart event: success=true, time=${restartMs}ms, retries=0`],
  ]);
}

/** Lost for good, with the offsets of a capture in which the relay server was killed: one ERROR, one WARN, the rest INFO. */
export function iceDeathLines(media: MediaSession): TimedLine[] {
  if (media.path === "V1") {
    return mediaLines(media, 0, [...firstPathLoss(), [10_001, "SharedMediaSession", "Peer Connection State:  failed"]]);
  }
  return mediaLines(media, 0, [
    ...secondPathLoss(),
    [10_000, "SharedMediaSession", "Peer Connection State:  failed"],
    [10_003, "CallSession", "Peer connection failed - marking peerConnectionFailed"],
    [11_016, "SharedMediaSession", "ICE collection timed out", "WARN"],
    [11_017, "SharedMediaSession", "No ICE candidate", "ERROR"],
    [11_018, "", "ICE restart completed. Success: false"],
    [11_019, "CallSession", "ICE restart event: success=false, time=8018ms, retries=0"],
  ]);
}

function firstPathLoss(): MediaStep[] {
  return [
    [0, "SharedMediaSession", "ICE Connection State:  disconnected"],
    // the library writes it twice; a millisecond apart, so that the second is not taken for a copy of the first
    [1, "SharedMediaSession", "ICE Connection State:  disconnected"],
    [1, "SharedMediaSession", "Detected Lost ICE connection, IceRestart not supported"],
    [2, "SharedMediaSession", "Lost ICE connection"],
  ];
}

function secondPathLoss(): MediaStep[] {
  return [
    [0, "SharedMediaSession", "ICE Connection State:  disconnected"],
    // as above
    [1, "SharedMediaSession", "ICE Connection State:  disconnected"],
    [1, "SharedMediaSession", "Detected Lost ICE connection, pending IceRestart"],
    [1, "", "ICE Connection State changed: disconnected"],
    [1, "CallSession", "CallSession ICE Connection State: disconnected"],
    [1, "CallSession", "ICE connection lost - incrementing iceConnectionsLost counter"],
    [3_001, "SharedMediaSession", "Trying to restart ICE connection"],
    [3_001, "SharedMediaSession", "Substate: ConnectedSubstate => IceRestartSubstate"],
    [3_010, "SharedMediaSession", "ICE restart offer created and set as local description"],
  ];
}

/** The CTI service answers acceptContact with a 500. */
export function acceptFailureLines(requestId: string, contactId: string): TimedLine[] {
  const message = "internal failure";
  const stack = ["InternalServiceException", "    at Request.extractError (connect-streams-min.js:1:1)"];
  const [call] = apiCallLines("acceptContact", 1, 0);
  const reply = { message, code: "InternalServiceException", statusCode: 500, retryable: true };
  const request = { event: "api_request", requestId, method: "acceptContact", params: { contactId } };
  return [
    ...(call === undefined ? [] : [call]),
    {
      afterMs: 410,
      line: {
        level: "TRACE",
        contextLayer: "SharedWorker",
        text: `AWSClient: <-- Operation 'acceptContact' failed: ${JSON.stringify(reply)}`,
      },
    },
    {
      afterMs: 412,
      line: {
        level: "ERROR",
        contextLayer: "SharedWorker",
        text: "'acceptContact' API request failed",
        objects: [{ request, response: { event: "api_response", requestId, err: reply } }],
        exception: { type: "[object Object]", message, stack },
      },
    },
    {
      afterMs: 418,
      line: {
        level: "ERROR",
        text: "Accept Contact failed",
        objects: [{ data: null }],
        exception: { type: "[object String]", stack: [] },
      },
    },
  ];
}
