import type { ContactTimeline, LineageLink } from "@fourwire/core";
import * as Popover from "@radix-ui/react-popover";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AgentLink } from "../record/agent-link.tsx";
import { ShortId } from "../record/short-id.tsx";
import { shortenId } from "../record/shorten-id.ts";
import { WireMark } from "../theme/wire-mark.tsx";
import { formatInstantIn, plural } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";

export interface FactsProps {
  readonly timeline: ContactTimeline;
}

const RELATIONS: Readonly<Record<LineageLink["relation"], string>> = {
  initial: "first contact",
  previous: "previous contact",
  next: "next contact",
  related: "related contact",
  transferred_from: "transferred from",
  transferred_to: "transferred to",
};

/** Under the headline: ids, agents, the contacts it belongs with, and the wires that are missing. */
export function Facts({ timeline }: FactsProps): ReactNode {
  const { zone } = usePageRange();
  return (
    <>
      <div className="facts">
        <span>
          <span className="muted">contact </span>
          <ShortId id={timeline.contact_id} what="contact id" />
        </span>
        <span>
          <span className="muted">began </span>
          {formatInstantIn(timeline.from, zone)}
        </span>
        {timeline.agents.map((agent) => (
          <span key={agent.agent_id}>
            <span className="muted">{agent.from === null ? "names agent " : "agent "}</span>
            <AgentLink agentId={agent.agent_id} username={agent.agent_username} />
          </span>
        ))}
        {timeline.lineage.map((link) => (
          <span key={`${link.relation} ${link.contact_id}`}>
            <span className="muted">{RELATIONS[link.relation]} </span>
            <Link
              to="/contacts/$contactId"
              params={{ contactId: link.contact_id }}
              className="short-id"
              title={link.contact_id}
            >
              {shortenId(link.contact_id)}
            </Link>
          </span>
        ))}
        <HowComputed recordCount={timeline.entries.length} />
      </div>
      {timeline.missing.length === 0 ? null : (
        <ul className="missing" aria-label="Missing wires" data-testid="missing">
          {timeline.missing.map((missing) => (
            <li key={missing.message}>
              <WireMark source={missing.source} />
              <span>
                <strong>missing: </strong>
                {missing.message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function HowComputed({ recordCount }: { readonly recordCount: number }): ReactNode {
  return (
    <Popover.Root>
      <Popover.Trigger className="how">how computed</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="popover how-text" align="start" sideOffset={4} aria-label="How computed">
          <p>
            Every clause of the sentence was read from the records it lists when it is chosen; nothing is estimated. The
            page joins {plural(recordCount, "record")}: those that name the contact, those of its agents while they had
            it, and configuration changes to what it used.
          </p>
          <p>
            Times are the origins&apos; own clocks. Where a wire has no records, the lane says why instead of being
            empty.
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
