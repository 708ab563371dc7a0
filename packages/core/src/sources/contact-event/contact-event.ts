import type { SourceDefinition } from "../../source.ts";
import { contactEventColumns } from "./columns.ts";
import { decodeContactEvent, recognizeContactEvent } from "./decode.ts";
import { normalizeContactEvent, referContactEvent } from "./normalize.ts";
import type { ContactEventWire } from "./wire.ts";

/** What happened to a contact, as it happens: Connect's contact events on EventBridge. */
export const contactEventSource: SourceDefinition<ContactEventWire> = {
  name: "contact_event",
  columns: contactEventColumns,
  recognize: recognizeContactEvent,
  decode: decodeContactEvent,
  normalize: normalizeContactEvent,
  refer: referContactEvent,
};
