import { formatInstant, unixMillis, type UnixMillis } from "@fourwire/core";
import type { CcpLevel, CcpLine } from "./wires/ccp-log.ts";

/** A line at its offset from the start of its sequence. */
export interface TimedLine {
  readonly afterMs: number;
  readonly line: CcpLine;
}

/** A call of the CTI service by the SharedWorker, and its reply. */
export function apiCallLines(operation: string, afterMs: number, tookMs: number): TimedLine[] {
  const worker = { contextLayer: "SharedWorker", level: "TRACE" } as const;
  return [
    { afterMs, line: { ...worker, text: `AWSClient: --> Calling operation '${operation}'` } },
    { afterMs: afterMs + tookMs, line: { ...worker, text: `AWSClient: <-- Operation '${operation}' succeeded.` } },
  ];
}

export function eventLine(afterMs: number, event: string): TimedLine {
  return { afterMs, line: { level: "TRACE", text: `Publishing event: ${event}` } };
}

function page(afterMs: number, level: CcpLevel, text: string): TimedLine {
  return { afterMs, line: { level, text } };
}

export function softphoneLine(afterMs: number, level: CcpLevel, text: string): TimedLine {
  // the softphone's logger puts one space before every text
  return { afterMs, line: { component: "softphone", level, text: ` ${text}` } };
}

/**
 * What a CCP writes while it starts: about half of a capture of the real library (96 entries). The three web socket lines that
 * sound like failures are written when their callbacks are registered, at every normal start.
 */
export function startUpLines(browserTime: UnixMillis): TimedLine[] {
  // the manager's own logger says much twice, once under each of its tags
  const socket = (afterMs: number, text: string) =>
    (["ADVANCED_LOG", "INFO"] as const).map((tag) => webSocketLine({ afterMs, level: "INFO", tag, text }, browserTime));
  return [
    page(2, "INFO", "[GR] ACGR global signin validation listener registered"),
    page(208, "TRACE", "Publishing event: synchronize"),
    page(210, "TRACE", "Publishing event: acknowledge"),
    page(212, "TRACE", "Publishing event: update_connected_ccps"),
    ...socket(232, "Initializing Websocket Manager Failed!"),
    ...socket(233, "Websocket connection lost"),
    ...socket(234, "Websocket subscription failure"),
    ...socket(240, "Fetching new WebSocket connection configuration"),
    ...apiCallLines("createTransport", 241, 74),
    ...apiCallLines("createTransport", 402, 69),
    { afterMs: 316, line: { level: "INFO", contextLayer: "SharedWorker", text: "getWebSocketUrl succeeded" } },
    ...apiCallLines("getAgentConfiguration", 318, 66),
    ...apiCallLines("getAgentStates", 319, 71),
    ...apiCallLines("getAgentPermissions", 320, 58),
    ...apiCallLines("getDialableCountryCodes", 321, 80),
    ...apiCallLines("getRoutingProfileQueues", 390, 64),
    softphoneLine(301, "INFO", "[Softphone Manager] softphone manager initialization has begun"),
    softphoneLine(305, "LOG", "RTC.js is using StandardStrategy"),
    softphoneLine(412, "INFO", "[Softphone Manager] Microphone Permission: granted"),
    page(460, "TRACE", "Publishing event: agent::init"),
    page(462, "TRACE", "Publishing event: agent::refresh"),
    page(464, "TRACE", "Publishing event: agent::state_change"),
    ...socket(520, "WebSocket connection established!"),
    page(524, "TRACE", "Publishing event: webSocket::connection_open"),
    page(525, "TRACE", "Publishing event: webSocket::connection_gain"),
    page(560, "TRACE", "Publishing event: webSocket::subscription_update"),
  ];
}

/** What half a minute of an idle page adds beside its snapshots: mostly below INFO. */
export function idleLines(browserTime: UnixMillis): TimedLine[] {
  const stamp = (afterMs: number) => formatInstant(unixMillis(browserTime + afterMs));
  const beat = (afterMs: number): TimedLine => ({
    afterMs,
    line: {
      level: "DEBUG",
      contextLayer: "SharedWorker",
      text: `[${stamp(afterMs)}][DEBUG]AMZ_WEB_SOCKET_MANAGER: Sending heartbeat `,
    },
  });
  return [
    ...[0, 5_000, 10_000, 15_000, 20_000, 25_000].flatMap((afterMs) => [
      eventLine(afterMs, "synchronize"),
      eventLine(afterMs + 2, "acknowledge"),
      eventLine(afterMs + 3, "update_connected_ccps"),
    ]),
    beat(900),
    beat(10_900),
    beat(20_900),
    eventLine(12_010, "api_metric"),
  ];
}

/** The web socket goes away and comes back: one WARN, no harm. */
export function webSocketDropLines(browserTime: UnixMillis): TimedLine[] {
  const socket = (afterMs: number, level: "INFO" | "WARN", text: string) =>
    webSocketLine({ afterMs, level, tag: level === "WARN" ? "WARN" : "ADVANCED_LOG", text }, browserTime);
  return [
    socket(0, "INFO", 'WebSocket connection is closed {"isTrusted":true}'),
    socket(
      2,
      "WARN",
      "Neither primary websocket and nor secondary websocket have open connections, attempting to re-establish connection",
    ),
    eventLine(5, "webSocket::connection_lost"),
    eventLine(6, "agent::websocket_connection_lost"),
    socket(8, "INFO", "Fetching new WebSocket connection configuration"),
    ...apiCallLines("createTransport", 9, 90),
    { afterMs: 101, line: { level: "INFO", contextLayer: "SharedWorker", text: "getWebSocketUrl succeeded" } },
    socket(340, "INFO", "WebSocket connection established!"),
    eventLine(343, "webSocket::connection_gain"),
    eventLine(344, "agent::websocket_connection_gained"),
  ];
}

interface WebSocketLine {
  readonly afterMs: number;
  readonly level: "INFO" | "WARN";
  readonly tag: "ADVANCED_LOG" | "INFO" | "WARN";
  readonly text: string;
}

function webSocketLine({ afterMs, level, tag, text }: WebSocketLine, browserTime: UnixMillis): TimedLine {
  const stamp = formatInstant(unixMillis(browserTime + afterMs));
  const line = { level, contextLayer: "SharedWorker" } as const;
  return { afterMs, line: { ...line, text: `[${stamp}][${tag}]AMZ_WEB_SOCKET_MANAGER: ${text} ` } };
}
