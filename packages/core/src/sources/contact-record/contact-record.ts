import type { SourceDefinition } from "../../source.ts";
import { contactRecordColumns } from "./columns.ts";
import { decodeContactRecord, recognizeContactRecord } from "./decode.ts";
import { normalizeContactRecord, referContactRecord } from "./normalize.ts";
import type { ContactRecordWire } from "./wire.ts";

/** What became of a contact: Connect's contact records, which may share the agent events' Kinesis stream. */
export const contactRecordSource: SourceDefinition<ContactRecordWire> = {
  name: "contact_record",
  columns: contactRecordColumns,
  recognize: recognizeContactRecord,
  decode: decodeContactRecord,
  normalize: normalizeContactRecord,
  refer: referContactRecord,
};
