import { z } from "zod";

/** What the load generator is asked to do; a process of its own gets it as JSON. */
export const loadJobSchema = z.object({
  port: z.number(),
  token: z.string(),
  path: z.string(),
  linesPerRequest: z.number(),
  /** Every line is about a contact of its own, which no real collector sends: the dearest case. */
  isContactALine: z.boolean().optional(),
  collectors: z.number(),
  /** Each collector sends this often; undefined: again as soon as it has its answer. */
  everyMs: z.number().optional(),
  warmMs: z.number(),
  measuredMs: z.number(),
});

export type LoadJob = z.infer<typeof loadJobSchema>;

/** What it measured, over the measured time only. */
export const loadResultSchema = z.object({
  requests: z.number(),
  lines: z.number(),
  seconds: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  /** Processor time of the generator. */
  cpuSeconds: z.number(),
  /** Requests that were sent late because the answer before was not there yet. */
  late: z.number(),
});

export type LoadResult = z.infer<typeof loadResultSchema>;
