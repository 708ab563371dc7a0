import type { z } from "zod";
import type { agentsSchema } from "../config/agents-config.ts";

/** The `agents` part of the configuration; durations in ms. */
export type AgentSettings = z.output<typeof agentsSchema>;
