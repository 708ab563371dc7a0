import { ACCEPT_TOOK_MS } from "./agent-leg-times.ts";
import { apiCallLines, eventLine, type TimedLine } from "./browser-lines.ts";
import { logLater, type Browser } from "./browser.ts";
import type { OfferTrouble } from "./conditions.ts";
import type { Contact } from "./contact.ts";
import * as softphone from "./softphone-call.ts";
import type { Stage } from "./stage.ts";

/** A contact as the agent's page shows it and writes about it. */
export interface CcpContact {
  accept(stage: Stage): void;
  answer(stage: Stage): void;
  /** Something goes wrong while it is offered. */
  fail(stage: Stage, trouble: OfferTrouble): void;
  miss(stage: Stage): void;
  setHeld(stage: Stage, isHeld: boolean): void;
  loseIce(stage: Stage, isDead: boolean): void;
  hangUp(stage: Stage, isByAgent: boolean): void;
  clear(stage: Stage, isByAgent: boolean): void;
}

export function ccpContactOf(stage: Stage, browser: Browser, contact: Contact): CcpContact {
  return contact.channel === "VOICE" ? createCall(stage, browser, contact) : createText(stage, browser, contact);
}

function createCall(stage: Stage, browser: Browser, contact: Contact): CcpContact {
  const call = softphone.ring(stage, browser, contact);
  return {
    accept: (now) => softphone.accept(now, call),
    answer: (now) => softphone.answer(now, call, contact),
    fail: (now, trouble) => failCall(now, call, trouble),
    miss: (now) => softphone.miss(now, call),
    setHeld: (now, isHeld) => softphone.setHeld(now, call, isHeld),
    loseIce: (now, isDead) => softphone.loseIce(now, call, isDead),
    hangUp: (now, isByAgent) => softphone.hangUp(now, call, isByAgent),
    clear: (now, isByAgent) => softphone.clear(now, call, isByAgent),
  };
}

function failCall(stage: Stage, call: softphone.SoftphoneCall, { cause, afterMs }: OfferTrouble): void {
  switch (cause) {
    case "api_gap":
      return stage.clock.after(Math.min(afterMs, 3_200), () => softphone.failToAccept(stage, call));
    case "declined":
      return stage.clock.after(Math.max(0, afterMs - ACCEPT_TOOK_MS), () =>
        logLater(stage, call.browser, apiCallLines("rejectContact", 0, ACCEPT_TOOK_MS)),
      );
    case "turn_blocked":
    case "mic_denied":
      return softphone.failMedia(stage, call, cause);
    case "browser_silent":
    case "agent_away":
    case "not_answered":
    case "customer_abandoned":
      // nothing was done, so nothing was written
      return;
  }
}

function quiet(): void {
  // text has no media
}

/** Streams has no component for e-mail: what it logs about one is the CCP's own. */
const COMPONENTS = { CHAT: "chat", TASK: "task", EMAIL: "ccp", VOICE: "softphone" } as const;

/** Chats, tasks and e-mails: contact events and API calls, no media. */
function createText(stage: Stage, browser: Browser, contact: Contact): CcpContact {
  const component = COMPONENTS[contact.channel];
  const kind = contact.channel.toLowerCase();
  const events = (afterMs: number, event: string): TimedLine[] => [
    eventLine(afterMs, `contact::${event}`),
    eventLine(afterMs, `contact::${event}::${contact.id}`),
  ];
  const say = (afterMs: number, text: string): TimedLine => ({ afterMs, line: { component, level: "INFO", text } });
  logLater(stage, browser, [
    ...events(130, "init"),
    ...events(132, "connecting"),
    { afterMs: 136, line: { level: "INFO", text: `Contact detected: contactId ${contact.id}` } },
  ]);
  return {
    accept: (now) => logLater(now, browser, apiCallLines("acceptContact", 0, ACCEPT_TOOK_MS)),
    answer: (now) =>
      logLater(now, browser, [
        ...events(110, "accepted"),
        ...events(122, "connected"),
        ...apiCallLines("createTransport", 140, 80),
        say(231, `${kind} session established for contactId ${contact.id}`),
      ]),
    fail: (now, { cause, afterMs }) => {
      if (cause !== "declined") return;
      now.clock.after(Math.max(0, afterMs - ACCEPT_TOOK_MS), () =>
        logLater(now, browser, apiCallLines("rejectContact", 0, ACCEPT_TOOK_MS)),
      );
    },
    miss: (now) => logLater(now, browser, events(40, "missed")),
    setHeld: quiet,
    loseIce: quiet,
    hangUp: (now) =>
      logLater(now, browser, [
        ...events(60, "ended"),
        say(64, `${kind} session ended for contactId ${contact.id}`),
        ...events(70, "acw"),
      ]),
    clear: (now, isByAgent) =>
      logLater(now, browser, [
        ...(isByAgent ? apiCallLines("clearContact", 1, now.browserRandom.integer(60, 160)) : []),
        ...events(170, "destroyed"),
      ]),
  };
}
