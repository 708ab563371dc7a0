import type { Column } from "../../column.ts";

/** What a CCP log entry says beyond the common columns, in table order. */
export const CCP_LOG_COLUMNS: readonly Column[] = [
  {
    name: "component",
    type: "text",
    description: "ccp, softphone, chat or task as written; forwarded entries always say ccp",
    from: "component",
  },
  {
    name: "inferred_component",
    type: "text",
    description: "softphone where the text shows it (leading space, WebRTC prefix), else the component",
    from: "component, text",
  },
  {
    name: "context_layer",
    type: "text",
    description: "where it was written: CCP, SharedWorker or CRM",
    from: "contextLayer",
  },
  {
    name: "category",
    type: "text",
    description: "part of connect-rtc-js that wrote it, such as SESSION or CallSession",
    from: "text",
  },
  { name: "namespace", type: "text", description: "module in square brackets at the start of the text", from: "text" },
  { name: "tab_id", type: "text", description: "browser tab; absent for the SharedWorker", from: "tabId" },
  { name: "line", type: "integer", description: "the logger's own count; 0 below its level", from: "line" },
  {
    name: "contact_id_source",
    type: "text",
    description:
      "where contact_id was read: category, object, text or open_call (the call open in the same browser context at that time)",
    from: "text, objects",
  },
  { name: "operation", type: "text", description: "Connect API operation that was called or answered", from: "text" },
  {
    name: "exception_type",
    type: "text",
    description: "the exception's name; of AWS errors the first line of the stack",
    from: "exception.type, exception.stack[0]",
  },
  {
    name: "exception_message",
    type: "text",
    description: "the exception's message; absent when a bare string was thrown",
    from: "exception.message",
  },
  {
    name: "is_internal",
    type: "boolean",
    description: "written by the collector itself, as Operata marks it",
    from: "internal",
  },
  { name: "group_id", type: "text", description: "what forwarded it: Operata group, event source or log group" },
];
