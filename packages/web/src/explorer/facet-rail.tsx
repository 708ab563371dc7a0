import type { FacetsResponse } from "@fourwire/core";
import { useState, type ReactNode } from "react";
import { stateOfValue } from "../filter/terms.ts";
import { shortenId } from "../record/shorten-id.ts";
import { LevelMark } from "../theme/level-mark.tsx";
import { WireBadge } from "../theme/wire-badge.tsx";
import { isSourceName } from "../theme/wires.ts";
import { formatCount } from "../time/format.ts";

export type FacetAction = "include" | "exclude" | "only" | "remove";

export interface FacetRailProps {
  readonly facets: FacetsResponse["facets"];
  readonly filter: string;
  readonly onFacet: (action: FacetAction, field: string, value: string) => void;
}

type Facet = FacetsResponse["facets"][number];

/** Values shown of a facet before it is opened. */
const SHORT = 6;
const TITLES: Readonly<Record<string, string>> = {
  source: "source",
  severity: "level",
  severity_text: "level",
  agent_username: "agent",
  event_name: "event",
};
const SEVERITY_NUMBERS: Readonly<Record<string, number>> = {
  critical: 21,
  error: 17,
  warn: 13,
  warning: 13,
  notice: 10,
  info: 9,
  log: 9,
  debug: 5,
  trace: 1,
};

/** What the records have in common, with counts; each value can be let in, kept out, or made the only one. */
export function FacetRail(props: FacetRailProps): ReactNode {
  return (
    <nav className="facets" aria-label="Facets" data-testid="facets">
      {props.facets.map((facet) =>
        facet.values.length === 0 ? null : <FacetGroup key={facet.field} facet={facet} {...props} />,
      )}
    </nav>
  );
}

function FacetGroup({ facet, filter, onFacet }: FacetRailProps & { readonly facet: Facet }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? facet.values : facet.values.slice(0, SHORT);
  const hiddenCount = facet.values.length - shown.length;
  const most = Math.max(1, ...facet.values.map((value) => value.count));
  return (
    <section aria-label={facet.field} className="facet">
      <h3 title={facet.field}>{TITLES[facet.field] ?? facet.field.replaceAll("_", " ")}</h3>
      <ul>
        {shown.map(({ value, count }) => (
          <FacetValue
            key={value}
            field={facet.field}
            value={value}
            count={count}
            share={count / most}
            state={stateOfValue(filter, facet.field, value)}
            onFacet={onFacet}
          />
        ))}
      </ul>
      {hiddenCount > 0 || isOpen ? (
        <button type="button" className="facet-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "fewer" : `${hiddenCount} more`}
        </button>
      ) : null}
    </section>
  );
}

interface FacetValueProps {
  readonly field: string;
  readonly value: string;
  readonly count: number;
  readonly share: number;
  readonly state: ReturnType<typeof stateOfValue>;
  readonly onFacet: FacetRailProps["onFacet"];
}

function FacetValue({ field, value, count, share, state, onFacet }: FacetValueProps): ReactNode {
  return (
    <li className="facet-value" data-state={state}>
      <button
        type="button"
        className="facet-name"
        aria-pressed={state === "included"}
        title={`${state === "included" ? "take out" : "include"} ${field}:${value}`}
        onClick={() => onFacet(state === "none" ? "include" : "remove", field, value)}
      >
        <FacetLabel field={field} value={value} />
      </button>
      <span className="facet-count">{formatCount(count)}</span>
      <span className="facet-actions">
        <button type="button" onClick={() => onFacet("only", field, value)} aria-label={`only ${field} ${value}`}>
          only
        </button>
        <button
          type="button"
          onClick={() => onFacet("exclude", field, value)}
          aria-label={`without ${field} ${value}`}
          title="keep out"
        >
          −
        </button>
      </span>
      <span className="facet-share" style={{ width: `${Math.max(1, share * 100)}%` }} />
    </li>
  );
}

function FacetLabel({ field, value }: { readonly field: string; readonly value: string }): ReactNode {
  if (field === "source" && isSourceName(value)) return <WireBadge source={value} />;
  const severityNumber = field.startsWith("severity") ? SEVERITY_NUMBERS[value.toLowerCase()] : undefined;
  if (severityNumber !== undefined) return <LevelMark severityNumber={severityNumber} label={value} />;
  return <span title={value}>{field.endsWith("_id") ? shortenId(value) : value}</span>;
}
