import { softphoneLine, type TimedLine } from "./browser-lines.ts";
import { mediaLines, type MediaSession } from "./softphone-lines.ts";

// Calls whose media never came to be, as captured from the real library (connect-rtc-js 1.3; the first path's lines are
// those of its rtc_session.js). https://github.com/aws/connect-rtc-js (read 2026-11-20)

const ICE_LIMIT_MS = 8_000;
/** The library passes a plain string where an error belongs: the entry has no message. */
const STRING_EXCEPTION = { type: "[object String]", stack: [] } as const;

function failure(afterMs: number, text: string): TimedLine {
  const { line } = softphoneLine(afterMs, "ERROR", text);
  return { afterMs, line: { ...line, exception: STRING_EXCEPTION } };
}

/** No relay server answered within 8 s: UDP 3478 is blocked. One incident is seven entries at ERROR. */
export function iceCollectionFailureLines(media: MediaSession): TimedLine[] {
  const { contactId, path } = media;
  const at = 200 + ICE_LIMIT_MS;
  const shared = `${contactId} RtcPeerConnectionManagerV2 Shared media session failed: Ice Collection Timeout`;
  const opening = mediaLines(media, 0, [
    [200, "SharedMediaSession", "Pending ICE collection", "LOG"],
    [at, "SharedMediaSession", "ICE collection timed out", "WARN"],
    [at + 1, "SharedMediaSession", "No ICE candidate", "ERROR"],
    [at + 2, "SharedMediaSession", "ConnectSignalingAndIceCollectionState => FailedState"],
  ]);
  if (path === "V1") {
    return [
      ...opening,
      failure(at + 4, "Softphone error occurred :  ice_collection_timeout Ice collection timedout. "),
    ];
  }
  return [
    ...opening,
    failure(at + 3, shared),
    ...mediaLines(media, at, [
      [4, "CallSession", "Received shared media session event: sessionFailed"],
      [5, "CallSession", "Shared media session error in InitialState Ice Collection Timeout", "ERROR"],
      [6, "CallSession", "InitialState => FailedState"],
      [7, "CallSession", "Entering Failed state: Ice Collection Timeout", "ERROR"],
    ]),
    softphoneLine(at + 9, "ERROR", "Softphone error occurred :  ice_collection_timeout Ice collection timedout. "),
    failure(at + 12, shared),
    softphoneLine(at + 13, "ERROR", "Softphone error occurred :  Ice Collection Timeout "),
  ];
}

/** The browser refuses the microphone. */
export function microphoneFailureLines(media: MediaSession): TimedLine[] {
  const constraints = { audio: { echoCancellation: true } };
  const local = mediaLines(media, 0, [
    [230, "SharedMediaSession", "Local media initialization failed", "ERROR"],
    [231, "SharedMediaSession", "GrabLocalMediaState => FailedState"],
  ]).map(({ afterMs, line }) => ({
    afterMs,
    line: line.level === "ERROR" ? { ...line, objects: [{ constraints }] } : line,
  }));
  return [
    softphoneLine(220, "INFO", "[Softphone Manager] Microphone Permission: denied"),
    ...local,
    softphoneLine(
      236,
      "ERROR",
      "Softphone error occurred :  microphone_not_shared Your microphone is not enabled in your browser. ",
    ),
  ];
}
