import type { UnixMillis } from "../../../record.ts";

/** `open`: it goes on. `presumed`: the agent fell silent for good, or the 12 hours a session may last were over. */
export type LoginSessionEnd = "logout" | "next_login" | "presumed" | "open";

/** From login to logout: a row of `agent_login_session`. */
export interface LoginSession {
  readonly agent_id: string;
  readonly agent_username: string | null;
  /** EventTimestamp of LOGIN, or of the first event that needs a logged-in agent. */
  readonly start_time: UnixMillis;
  /** False where no LOGIN was received, so that the session began at `start_time` or before. */
  readonly is_login_seen: boolean;
  readonly end_time: UnixMillis | null;
  readonly duration_ms: number | null;
  readonly ended_by: LoginSessionEnd;
  /** True where no LOGOUT says when it ended: `end_time` is then the last event of the session. */
  readonly is_inferred: boolean;
  readonly record_ids: readonly string[];
}
