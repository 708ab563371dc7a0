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
      {isAbsent ? null : <Glyph wire={wire} />}
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

function Glyph({ wire }: { readonly wire: WireIdentity }): ReactNode {
  const edge = { fill: `var(${wire.colorToken})`, stroke: `var(${wire.edgeToken})`, strokeWidth: 1 };
  switch (wire.glyph) {
    case "circle":
      return <circle cx="12" cy="6" r="4" {...edge} />;
    case "diamond":
      return <path d="M12 1L17 6L12 11L7 6Z" {...edge} />;
    case "triangle":
      return <path d="M12 1.5L16.5 10.5H7.5Z" {...edge} />;
    case "square":
      return <rect x="8" y="2" width="8" height="8" {...edge} />;
    case "bar":
      return <rect x="10" y="1" width="4" height="10" {...edge} />;
    case "ring":
      return <circle cx="12" cy="6" r="3.5" fill="var(--surface)" stroke={edge.stroke} strokeWidth="2" />;
  }
}
