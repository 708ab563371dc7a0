import { z } from "zod";
import { durationSchema } from "../receivers/duration.ts";

const HOUR_MS = 3_600_000;

/** `agents`: thresholds of the board, and which of Amazon's contradicting definitions count. */
export const agentsSchema = z.strictObject({
  after_contact_work: durationSchema({ minMs: 1000, maxMs: 24 * HOUR_MS })
    .prefault("5m")
    .describe("after-contact work that lasts longer is marked on the board"),
  stale_after: durationSchema({ minMs: 300_000, maxMs: 48 * HOUR_MS })
    .prefault("2h")
    .describe("an agent with a contact and nothing but heartbeats for longer is marked stale"),
  keep: durationSchema({ minMs: 300_000, maxMs: 168 * HOUR_MS })
    .prefault("24h")
    .describe("an agent that sends nothing for longer leaves the board"),
  ghost_after_ccp_silence: durationSchema({ minMs: 60_000, maxMs: 24 * HOUR_MS })
    .prefault("10m")
    .describe("Available by the events while the agent's CCP, which logged before, is silent for longer: a ghost"),
  ghost_after_missed_offers: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe("offers missed one after another, without an answer or a change of status between: a ghost"),
  duplicate_ccp_for: durationSchema({ minMs: 60_000, maxMs: 24 * HOUR_MS })
    .prefault("10m")
    .describe("how long the mark stays after the CCP said that another of its windows is open"),
  adherence: z
    .strictObject({
      offline_is_non_productive: z
        .boolean()
        .default(true)
        .describe("Offline is adherent during a non-productive activity (guide of 2026); of 2023: false"),
      formula: z
        .enum(["2026", "2023"])
        .default("2026")
        .describe("2026: adherent over adherent and non-adherent time; 2023: adherent over scheduled time"),
    })
    .prefault({})
    .describe("how adherence to shifts is judged"),
  metrics: z
    .strictObject({
      idle_includes_offer_time: z
        .boolean()
        .default(true)
        .describe("idle time includes the time from routing to answer or refusal (guide of 2026); of 2023: false"),
      idle_includes_error_time: z
        .boolean()
        .default(true)
        .describe("idle time includes time in which the only contacts are missed, rejected or failed"),
      handle_time_excludes_custom_status: z
        .boolean()
        .default(false)
        .describe("handle time leaves out contacts' time in a custom status (guide of 2023)"),
      service_level_removed_from_queue: z
        .boolean()
        .default(true)
        .describe("service level counts contacts that left the queue in time, however; false: those answered in time"),
      holds_count_zero: z
        .boolean()
        .default(true)
        .describe("contacts put on hold counts records in which NumberOfHolds is present, even as 0"),
      unknown_is_left_out: z
        .boolean()
        .default(true)
        .describe("occupancy and shares leave unknown time out of the fraction; false: it counts as online"),
    })
    .prefault({})
    .describe("where Amazon's pages contradict each other"),
});
