import { CARD_ENTRY } from "./card-entry.ts";
import {
  AGENT_TRANSFER,
  AGENT_WHISPER,
  CUSTOMER_HOLD,
  CUSTOMER_QUEUE,
  CUSTOMER_WHISPER,
  DISCONNECT,
  OUTBOUND_WHISPER,
  QUEUE_OVERFLOW,
} from "./event-flows.ts";
import type { FlowTemplate } from "./flow-template.ts";
import { MAIN_INBOUND, MAIN_INBOUND_WITH_BOT } from "./main-inbound.ts";
import { CHAT_INBOUND, EMAIL_INBOUND, TASK_ROUTING } from "./text-inbound.ts";

/** The simulated contact centre's flows, by the name they are asked for. */
export const FLOW_TEMPLATES: Readonly<Record<string, FlowTemplate>> = {
  "main-inbound": MAIN_INBOUND,
  "main-inbound-with-bot": MAIN_INBOUND_WITH_BOT,
  "card-entry": CARD_ENTRY,
  "customer-queue": CUSTOMER_QUEUE,
  "queue-overflow": QUEUE_OVERFLOW,
  "agent-whisper": AGENT_WHISPER,
  "customer-whisper": CUSTOMER_WHISPER,
  "customer-hold": CUSTOMER_HOLD,
  disconnect: DISCONNECT,
  "agent-transfer": AGENT_TRANSFER,
  "outbound-whisper": OUTBOUND_WHISPER,
  "chat-inbound": CHAT_INBOUND,
  "task-routing": TASK_ROUTING,
  "email-inbound": EMAIL_INBOUND,
};
