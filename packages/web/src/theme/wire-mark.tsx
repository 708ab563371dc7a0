import type { SourceName } from "@fourwire/core";
import type { ReactNode } from "react";
import { DASHES, WIRES, type WireIdentity } from "./wires.ts";

/** `isAbsent` draws an empty slot of the same size, so that columns of marks stay aligned. */
export interface WireMarkProps {
  readonly source: SourceName;
  readonly isAbsent?: boolean;
}

/** The wire itself: a short piece of its line with its glyph on it. Decorative; put its label beside it. */
export function WireMark({ source, isAbsent = false }: WireMarkProps): ReactNode {
  const wire = WIRES[source];
  const color = isAbsent ? "var(--hairline)" : `var(${wire.colorToken})`;
  return (
    <svg width="24" height="12" viewBox="0 0 24 12" aria-hidden="true" data-wire={source}>
      <WireLine wire={wire} color={color} />
      {isAbsent ? null : <Glyph shape={wire.glyph} color={color} />}
    </svg>
  );
}

function WireLine({ wire, color }: { readonly wire: WireIdentity; readonly color: string }): ReactNode {
  if (wire.line === "double") {
    return <path d="M0 4.5H24M0 7.5H24" stroke={color} strokeWidth="1" fill="none" />;
  }
  return (
    <path
      d="M0 6H24"
      stroke={color}
      strokeWidth={wire.line === "thin" ? 1 : 2}
      strokeDasharray={DASHES[wire.line].join(" ")}
      fill="none"
    />
  );
}

function Glyph({ shape, color }: { readonly shape: WireIdentity["glyph"]; readonly color: string }): ReactNode {
  const edge = { fill: color, stroke: "var(--surface)", strokeWidth: 1.5 };
  switch (shape) {
    case "circle":
      return <circle cx="12" cy="6" r="4.5" {...edge} />;
    case "diamond":
      return <path d="M12 0.5L17.5 6L12 11.5L6.5 6Z" {...edge} />;
    case "triangle":
      return <path d="M12 0.5L17.5 11H6.5Z" {...edge} />;
    case "square":
      return <rect x="7.5" y="1.5" width="9" height="9" {...edge} />;
    case "bar":
      return <rect x="9.5" y="0.5" width="5" height="11" {...edge} />;
    case "ring":
      return <circle cx="12" cy="6" r="3.5" fill="var(--surface)" stroke={color} strokeWidth="2" />;
  }
}
