import type { Column } from "../column.ts";
import type { SourceName } from "../record.ts";
import type { SourceDefinition } from "../source.ts";
import { agentEventSource } from "./agent-event/agent-event.ts";
import { ccpLogSource } from "./ccp-log/ccp-log.ts";
import { cloudtrailSource } from "./cloudtrail/cloudtrail.ts";
import { contactEventSource } from "./contact-event/contact-event.ts";
import { contactRecordSource } from "./contact-record/contact-record.ts";
import { flowLogSource } from "./flow-log/flow-log.ts";

/** Every source, by name. A new source is a folder of the same shape and a line here. */
export const SOURCES: Readonly<Record<SourceName, SourceDefinition>> = {
  agent_event: agentEventSource,
  contact_record: contactRecordSource,
  contact_event: contactEventSource,
  flow_log: flowLogSource,
  cloudtrail: cloudtrailSource,
  ccp_log: ccpLogSource,
};

/** The source's own columns. */
export function columnsOf(source: SourceName): readonly Column[] {
  return SOURCES[source].columns;
}
