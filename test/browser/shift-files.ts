import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { unixMillis, type SourceName } from "@fourwire/core";
import { createSimulation, toCloudWatchPayload, type Emission } from "@fourwire/simulator";

/** When the simulated contact centre opens. */
export const OPENING_TIME = unixMillis(Date.UTC(2026, 10, 20, 9));

/** A line that is a JSON object of no source's shape after a good beginning: cut off in the middle. */
export const MALFORMED_LINE =
  '{"version":"0","id":"0b1e7c1e-0000-4000-8000-00000000dead","detail-type":"Amazon Connect Contact Ev';

/** The shift's records, each as the simulator wrote it. */
export function simulateShift(durationMs: number, agents = 12): readonly Emission[] {
  const simulation = createSimulation({ seed: 7, agents, startTime: OPENING_TIME });
  return [...simulation.emissionsUntil(unixMillis(OPENING_TIME + durationMs))];
}

/**
 * Writes a shift as a mixture of the files people have: what Firehose concatenates, what CloudTrail delivers, what
 * CloudWatch sends, what an agent downloads, and lines of contact events, one of which is broken.
 */
export async function writeShiftFiles(folder: string, shift: readonly Emission[]): Promise<void> {
  const bodies = (source: SourceName): readonly string[] =>
    shift.filter((emission) => emission.source === source).map((emission) => emission.body);
  const flowLogs = shift.filter((emission) => emission.source === "flow_log");
  const ccpLines = bodies("ccp_log").map((body): unknown => JSON.parse(body));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    // Firehose puts no delimiter between the records of a Kinesis stream
    "agent-events-1": [...bodies("agent_event"), ...bodies("contact_record")].join(""),
    "111122223333_CloudTrail_eu-west-2.json.gz": gzipSync(`{"Records":[${bodies("cloudtrail").join(",")}]}`),
    "flow-logs.gz": gzipSync(toCloudWatchPayload(flowLogs)),
    "agent-log.txt": JSON.stringify(ccpLines, undefined, 2),
    "contact-events.ndjson": [...bodies("contact_event"), MALFORMED_LINE].join("\n"),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}
