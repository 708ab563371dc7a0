import type { Random } from "./prng.ts";
import type { Channel } from "./world.ts";

/** What will happen to a contact, drawn when it starts. Offsets are from the answer unless said otherwise. */
export interface ContactPlan {
  /** What the caller does at the menu; `hang_up` leaves an entry without its exit. */
  readonly menu: "1" | "2" | "3" | "timeout" | "hang_up";
  readonly lambda: "answers" | "times_out";
  readonly tier: "gold" | "silver" | "standard";
  /** How much slower than necessary the caller listens and types; 1 is normal. */
  readonly flowPace: number;
  /** How long the caller waits in the queue before giving up, from being queued. */
  readonly patienceMs: number;
  readonly ringMs: number;
  /** `ring_out`: nobody takes it; `accept_fails`: the CCP's acceptContact call gets a 500. */
  readonly missed: "ring_out" | "accept_fails" | undefined;
  readonly talkMs: number;
  readonly afterContactWorkMs: number;
  readonly hold: { readonly atMs: number; readonly forMs: number } | undefined;
  readonly iceLossAtMs: number | undefined;
  readonly mute: { readonly atMs: number; readonly forMs: number } | undefined;
  /** Tasks only. */
  readonly pause: { readonly atMs: number; readonly forMs: number } | undefined;
  /** E-mails only: the agent writes an answer, and sends it or thinks better of it. */
  readonly reply:
    | { readonly atMs: number; readonly forMs: number; readonly isSent: boolean; readonly clearMs: number }
    | undefined;
  readonly transferAtMs: number | undefined;
  /** How long three people talk before the first agent leaves a transferred call; undefined: not at all. */
  readonly conferenceMs: number | undefined;
  /** How long a dialled customer's phone rings, and whether it is answered. */
  readonly dialMs: number;
  readonly isReached: boolean;
  /** Asks to be called back when patience runs out. */
  readonly wantsCallback: boolean;
  readonly firstMetricsMs: number;
  readonly isDisconnectedByAgent: boolean;
  /** The flow's Lambda writes attributes by API. */
  readonly writesAttributes: boolean;
  /** The CRM reads attributes by API once the agent has the call. */
  readonly readsAttributes: boolean;
  /** The CRM stops the contact while it waits. */
  readonly isStoppedInQueue: boolean;
}

/** Connect's softphone sends its per-second samples each 30 s. */
export const METRICS_PERIOD_MS = 30_000;
const MEAN_TALK_MS = 130_000;
const MEAN_PATIENCE_MS = 100_000;
/** Mean time an answered contact keeps its agent: ring, talk, after-contact work. Sets the arrival rate. */
export const MEAN_HANDLE_MS = 175_000;

export function drawPlan(random: Random): ContactPlan {
  const talkMs = 25_000 + random.exponential(MEAN_TALK_MS - 25_000);
  const isLong = talkMs > 60_000;
  return {
    menu: drawMenu(random),
    lambda: random.chance(0.03) ? "times_out" : "answers",
    tier: drawTier(random),
    flowPace: 0.7 + random.next() * 0.9,
    patienceMs: 12_000 + random.exponential(MEAN_PATIENCE_MS),
    ringMs: random.integer(1_800, 6_500),
    missed: drawMissed(random),
    talkMs,
    afterContactWorkMs: drawAfterContactWork(random),
    hold:
      isLong && random.chance(0.35)
        ? { atMs: random.integer(20_000, 40_000), forMs: random.integer(6_000, 18_000) }
        : undefined,
    iceLossAtMs: isLong && random.chance(0.06) ? random.integer(12_000, 45_000) : undefined,
    mute: random.chance(0.2) ? { atMs: random.integer(5_000, 11_000), forMs: random.integer(2_000, 6_000) } : undefined,
    pause: undefined,
    reply: undefined,
    transferAtMs: isLong && random.chance(0.1) ? random.integer(58_500, 60_000) : undefined,
    conferenceMs: random.chance(0.3) ? random.integer(8_000, 25_000) : undefined,
    dialMs: random.integer(3_500, 14_000),
    isReached: random.chance(0.8),
    wantsCallback: random.chance(0.15),
    firstMetricsMs: METRICS_PERIOD_MS,
    isDisconnectedByAgent: random.chance(0.3),
    writesAttributes: random.chance(0.25),
    readsAttributes: random.chance(0.25),
    isStoppedInQueue: random.chance(0.01),
  };
}

const MEAN_CHAT_MS = 330_000;
const MEAN_TASK_MS = 260_000;
const MEAN_EMAIL_MS = 240_000;
const MEANS_MS = { CHAT: MEAN_CHAT_MS, TASK: MEAN_TASK_MS, EMAIL: MEAN_EMAIL_MS } as const;
const REPLY_SHARE = 0.85;
const SENT_SHARE = 0.93;

/** A plan for a channel that has no telephone line. */
export function drawTextPlan(random: Random, channel: Exclude<Channel, "VOICE">): ContactPlan {
  const isTask = channel === "TASK";
  const talkMs = 40_000 + random.exponential(MEANS_MS[channel] - 40_000);
  return {
    ...drawPlan(random),
    patienceMs: 60_000 + random.exponential(240_000),
    ringMs: random.integer(1_500, 12_000),
    talkMs,
    afterContactWorkMs: 3_000 + random.exponential(isTask ? 9_000 : 22_000),
    hold: undefined,
    mute: undefined,
    iceLossAtMs: undefined,
    missed: undefined,
    pause:
      isTask && talkMs > 90_000 && random.chance(0.15)
        ? { atMs: 30_000, forMs: random.integer(20_000, 50_000) }
        : undefined,
    reply: channel === "EMAIL" && random.chance(REPLY_SHARE) ? drawReply(random, talkMs) : undefined,
    transferAtMs: undefined,
    wantsCallback: false,
    isStoppedInQueue: false,
  };
}

/** Reading takes a fifth of the time, writing most of the rest. */
function drawReply(random: Random, talkMs: number): NonNullable<ContactPlan["reply"]> {
  return {
    atMs: Math.round(talkMs * 0.2),
    forMs: Math.round(talkMs * (0.5 + random.next() * 0.25)),
    isSent: random.chance(SENT_SHARE),
    clearMs: random.integer(600, 2_500),
  };
}

function drawTier(random: Random): ContactPlan["tier"] {
  if (random.chance(0.2)) return "gold";
  return random.chance(0.4) ? "silver" : "standard";
}

/** Now and then somebody forgets to clear the contact. */
function drawAfterContactWork(random: Random): number {
  return random.chance(0.015) ? random.integer(300_000, 540_000) : 4_000 + random.exponential(20_000);
}

function drawMenu(random: Random): ContactPlan["menu"] {
  const draw = random.next();
  if (draw < 0.5) return "1";
  if (draw < 0.74) return "2";
  if (draw < 0.94) return "3";
  return draw < 0.98 ? "timeout" : "hang_up";
}

function drawMissed(random: Random): ContactPlan["missed"] {
  if (random.chance(0.05)) return "ring_out";
  return random.chance(0.01) ? "accept_fails" : undefined;
}

/**
 * The contact a viewer meets first: quick through the flow, answered at once, held, hit by an ICE loss, seen by the
 * API. It shows every lane of a timeline within its first minute.
 */
export const SHOWCASE_PLAN: ContactPlan = {
  menu: "1",
  lambda: "answers",
  tier: "gold",
  flowPace: 0.5,
  patienceMs: 600_000,
  ringMs: 1_900,
  missed: undefined,
  talkMs: 58_000,
  afterContactWorkMs: 14_000,
  hold: { atMs: 19_000, forMs: 7_500 },
  iceLossAtMs: 11_000,
  mute: { atMs: 5_200, forMs: 2_100 },
  pause: undefined,
  reply: undefined,
  transferAtMs: undefined,
  conferenceMs: undefined,
  dialMs: 0,
  isReached: true,
  wantsCallback: false,
  // Real softphones send each 30 s. The first period is cut to 9 s for this contact only, so that a viewer sees
  // softphone quality within the first minute of a demo.
  firstMetricsMs: 9_000,
  isDisconnectedByAgent: false,
  writesAttributes: true,
  readsAttributes: true,
  isStoppedInQueue: false,
};

/** What happens after a transfer: the receiving agent answers and talks; nothing more is told. */
export function drawTransferPlan(random: Random): ContactPlan {
  return {
    ...drawPlan(random),
    missed: undefined,
    hold: undefined,
    transferAtMs: undefined,
    talkMs: 20_000 + random.exponential(50_000),
  };
}
