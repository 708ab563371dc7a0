import type { SourceName } from "@fourwire/core";

/** How a wire looks everywhere: colour (a token), line style and glyph. The label always stands beside them. */
export interface WireIdentity {
  readonly label: string;
  readonly colorToken: string;
  /** Outline of the glyph and of spans: its contrast does not depend on the fill. */
  readonly edgeToken: string;
  /** Dash pattern in pixels; `double` is drawn as two thin lines. */
  readonly line: "solid" | "dashed" | "dotted" | "double" | "thin";
  readonly glyph: "circle" | "diamond" | "triangle" | "square" | "bar" | "ring";
}

export const WIRES: Readonly<Record<SourceName, WireIdentity>> = {
  agent_event: {
    label: "Agent events",
    colorToken: "--wire-agent_event",
    edgeToken: "--wire-agent_event",
    line: "solid",
    glyph: "circle",
  },
  flow_log: {
    label: "Flow logs",
    colorToken: "--wire-flow_log",
    edgeToken: "--edge-flow_log",
    line: "dashed",
    glyph: "diamond",
  },
  ccp_log: {
    label: "CCP logs",
    colorToken: "--wire-ccp_log",
    edgeToken: "--edge-ccp_log",
    line: "dotted",
    glyph: "triangle",
  },
  cloudtrail: {
    label: "API activity",
    colorToken: "--wire-cloudtrail",
    edgeToken: "--wire-cloudtrail",
    line: "double",
    glyph: "square",
  },
  contact_record: {
    label: "Contact records",
    colorToken: "--wire-contact_record",
    edgeToken: "--wire-contact_record",
    line: "thin",
    glyph: "bar",
  },
  contact_event: {
    label: "Contact events",
    colorToken: "--wire-contact_event",
    edgeToken: "--wire-contact_event",
    line: "thin",
    glyph: "ring",
  },
};

/** The order of the wires on the page: the four first, then the two companions. */
export const WIRE_ORDER: readonly SourceName[] = [
  "agent_event",
  "flow_log",
  "ccp_log",
  "cloudtrail",
  "contact_record",
  "contact_event",
];

export const DASHES: Readonly<Record<WireIdentity["line"], readonly number[]>> = {
  solid: [],
  dashed: [5, 3],
  dotted: [1.5, 2.5],
  double: [],
  thin: [],
};

export function isSourceName(value: string): value is SourceName {
  return Object.hasOwn(WIRES, value);
}
