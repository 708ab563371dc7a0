import type { AfterContactWork } from "../types/after-contact-work.ts";
import type { AgentActivity } from "../types/agent-activity.ts";
import type { AgentContactState } from "../types/agent-contact-state.ts";
import type { AgentGap } from "../types/agent-gap.ts";
import type { AgentOffer } from "../types/agent-offer.ts";
import type { LoginSession } from "../types/login-session.ts";

/** Where the fold puts what has ended. */
export interface AgentRows {
  readonly activity: AgentActivity[];
  readonly after_contact_work: AfterContactWork[];
  readonly offers: AgentOffer[];
  readonly contact_states: AgentContactState[];
  readonly login_sessions: LoginSession[];
  readonly gaps: AgentGap[];
}

export function emptyRows(): AgentRows {
  return { activity: [], after_contact_work: [], offers: [], contact_states: [], login_sessions: [], gaps: [] };
}
