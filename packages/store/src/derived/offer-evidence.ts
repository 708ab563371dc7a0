import {
  OFFER_EVIDENCE_MS,
  type AgentDerivation,
  type AgentOffer,
  type CcpLine,
  type ContactSign,
  type OfferEvidence,
} from "@fourwire/core";
import { sourceRelation, tableColumns } from "../schema.ts";
import type { Person } from "./agent-persons.ts";
import { spanCondition, type RecordAccess } from "./event-reader.ts";

/** Lines this long before an offer are read one by one; of those further away the nearest ones tell enough. */
const NEAR_MS = 60_000;

/** A contact may be disconnected this long before its records say so, and last this long before it is offered. */
const CONTACT_MS = 86_400_000;

/** Lines read for the offers of one batch of agents. */
const MAX_LINES = 100_000;

const LINE_LIST =
  "record_id, epoch_ms(event_time)::double as event_time, event_name, contact_id, operation, message, agent_id";

interface OfferSpan {
  readonly agent: string;
  readonly from: number;
  readonly to: number;
}

type AgentLine = CcpLine & { readonly agent_id: string };

/** What tells why offers were not answered, for the offers of several agents at once. */
export class OfferEvidenceReader {
  readonly #access: RecordAccess;

  constructor(access: RecordAccess) {
    this.#access = access;
  }

  /** Evidence by person, for those with offers that were not answered. */
  async read(
    told: readonly { readonly personId: string; readonly derivation: Pick<AgentDerivation, "offers"> }[],
    persons: readonly Person[],
  ): Promise<ReadonlyMap<string, OfferEvidence>> {
    const wanted = told.flatMap(({ personId, derivation }) =>
      derivation.offers
        .filter((offer) => offer.end_time !== null && offer.outcome !== "answered")
        .map((offer) => ({ offer, person: persons.find((person) => person.personId === personId) })),
    );
    if (wanted.length === 0) return new Map();
    const spans = wanted.flatMap(({ offer, person }) =>
      (person?.agentIds ?? []).map((agent) => ({
        agent,
        from: offer.offered_time,
        to: offer.end_time ?? offer.offered_time,
      })),
    );
    const [lines, contactSigns] = await Promise.all([
      this.#lines(spans),
      this.#signs(wanted.map(({ offer }) => offer)),
    ]);
    const found = new Map<string, OfferEvidence>();
    for (const { person } of wanted) {
      if (person === undefined || found.has(person.personId)) continue;
      const ids = new Set(person.agentIds);
      found.set(person.personId, { ccpLines: lines.filter((line) => ids.has(line.agent_id)), contactSigns });
    }
    return found;
  }

  /**
   * Every line near an offer; and of the half hour before and after the nearest line, which shows that the CCP logs at
   * all, and the last answer of Connect before.
   */
  #lines(spans: readonly OfferSpan[]): Promise<readonly AgentLine[]> {
    const from = Math.min(...spans.map((span) => span.from)) - OFFER_EVIDENCE_MS;
    const to = Math.max(...spans.map((span) => span.to)) + OFFER_EVIDENCE_MS;
    const paths = this.#access.manifest
      .filesBetween("ccp_log", from, to)
      .map((file) => this.#access.manifest.absolutePath(file));
    const wanted = new Set(["record_id", "event_time", "event_name", "contact_id", "operation", "message", "agent_id"]);
    const columns = tableColumns("ccp_log").filter((column) => wanted.has(column.name));
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<AgentLine>(
        `with span as (
           select row_number() over () as span_id, s.agent as span_agent,
             make_timestamptz(s."from" * 1000) as span_from, make_timestamptz(s."to" * 1000) as span_to
           from (select unnest(from_json($spans, '[{"agent":"varchar","from":"bigint","to":"bigint"}]')) as s)
         ), wide as materialized (
           select l.*, span_id, span_from, span_to
           from (${sourceRelation("ccp_log", paths, columns)}) l join span on span_agent = l.agent_id
           where ${spanCondition({ from, to: to + 1 })}
             and l.event_time between span_from - to_milliseconds(${OFFER_EVIDENCE_MS}) and span_to + to_milliseconds(${OFFER_EVIDENCE_MS})
         )
         select distinct * from (
           select ${LINE_LIST} from wide where event_time between span_from - to_milliseconds(${NEAR_MS}) and span_to
           union all ${nearest("event_time < span_from", "event_time desc, record_id desc")}
           union all ${nearest("event_time > span_from", "event_time, record_id")}
           union all ${nearest("event_time <= span_to and event_name in ('api_reply', 'snapshot')", "event_time desc, record_id desc")}
         ) order by event_time, record_id limit ${MAX_LINES}`,
        { spans: JSON.stringify(spans) },
      ),
    );
  }

  async #signs(offers: readonly AgentOffer[]): Promise<readonly ContactSign[]> {
    const ids = [...new Set(offers.map((offer) => offer.contact_id))];
    const from = Math.min(...offers.map((offer) => offer.offered_time)) - CONTACT_MS;
    const to = Math.max(...offers.map((offer) => offer.offered_time)) + CONTACT_MS;
    const wanted = new Set(["record_id", "event_time", "contact_id", "disconnect_time", "disconnect_reason"]);
    const selects = (["contact_event", "contact_record"] as const).map((source) => {
      const paths = this.#access.manifest
        .filesBetween(source, from, to)
        .map((file) => this.#access.manifest.absolutePath(file));
      const columns = tableColumns(source).filter((column) => wanted.has(column.name));
      return `select record_id, contact_id, epoch_ms(disconnect_time)::double as disconnect_time, disconnect_reason
        from (${sourceRelation(source, paths, columns)})
        where ${spanCondition({ from, to })} and disconnect_time is not null
          and contact_id in (from (select unnest(from_json($ids, '["varchar"]'))))`;
    });
    return this.#access.manifest.readSettled(() =>
      this.#access.pool.rowsAs<ContactSign>(`${selects.join(" union all ")} order by record_id`, {
        ids: JSON.stringify(ids),
      }),
    );
  }
}

/** Of each span the first line, in the order given, that meets the condition. */
function nearest(condition: string, order: string): string {
  return `select ${LINE_LIST} from wide where ${condition} qualify row_number() over (partition by span_id order by ${order}) = 1`;
}
