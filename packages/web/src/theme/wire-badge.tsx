import type { SourceName } from "@fourwire/core";
import type { ReactNode } from "react";
import { WireMark } from "./wire-mark.tsx";
import { WIRES } from "./wires.ts";

export interface WireBadgeProps {
  readonly source: SourceName;
}

export function WireBadge({ source }: WireBadgeProps): ReactNode {
  return (
    <span className="wire">
      <WireMark source={source} />
      <span className="wire-label">{WIRES[source].label}</span>
    </span>
  );
}
