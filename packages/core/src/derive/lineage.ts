import type { LineageLink } from "../api.ts";
import type { ContactLink } from "../source.ts";
import type { TimelineLink, TimelineRow } from "./timeline-row.ts";
import { compareText, inTimeOrder, LINK_COLUMNS, snapshotContactsOf, textOf } from "./timeline-row.ts";

const RELATION_OF_COLUMN = {
  initial_contact_id: "initial",
  previous_contact_id: "previous",
  next_contact_id: "next",
  related_contact_id: "related",
} as const;

/** How a contact that names this one stands to it: its previous is this one, so it is this one's next. */
const REVERSE: Readonly<Record<ContactLink["relation"], LineageLink["relation"]>> = {
  initial: "related",
  previous: "next",
  next: "previous",
  related: "related",
};

const TRANSFER_METHODS: ReadonlySet<string> = new Set(["TRANSFER", "QUEUE_TRANSFER"]);

interface Claim {
  readonly contactId: string;
  readonly relation: ContactLink["relation"];
  readonly otherContactId: string;
  readonly recordId: string;
  /** The record says that the later of the two contacts came about by a transfer. */
  readonly isTransfer: boolean;
}

/**
 * The contacts around this one, in both directions: what its own records name, and whose records name it. A `next` or
 * `previous` that came about by a transfer is also `transferred_to` or `transferred_from`. A contact that only shares its
 * beginning with this one is `related`, unless it stands closer.
 */
export function deriveLineage(input: {
  readonly contactId: string;
  readonly rows: readonly TimelineRow[];
  readonly links: readonly TimelineLink[];
}): LineageLink[] {
  const { contactId } = input;
  const claims = [...inTimeOrder(input.rows).flatMap(claimsOf), ...input.links.map(claimOfLink)];
  const found = new Map<string, LineageLink>();
  for (const claim of claims.sort((left, right) => compareText(left.recordId, right.recordId))) {
    for (const link of linksOf(claim, contactId)) {
      const key = `${link.relation} ${link.contact_id}`;
      if (!found.has(key)) found.set(key, link);
    }
  }
  const links = [...found.values()];
  const closer = new Set(links.filter((link) => link.relation !== "related").map((link) => link.contact_id));
  return links
    .filter((link) => link.relation !== "related" || !closer.has(link.contact_id))
    .sort((left, right) => orderOf(left) - orderOf(right) || compareText(left.contact_id, right.contact_id));
}

const ORDER: readonly LineageLink["relation"][] = [
  "initial",
  "previous",
  "transferred_from",
  "next",
  "transferred_to",
  "related",
];

function orderOf(link: LineageLink): number {
  return ORDER.indexOf(link.relation);
}

function claimsOf(row: TimelineRow): Claim[] {
  if (row.source === "agent_event") return claimsOfAgentEvent(row);
  const contactId = textOf(row, "contact_id");
  if (contactId === undefined || (row.source !== "contact_record" && row.source !== "contact_event")) return [];
  const isTransfer = TRANSFER_METHODS.has(textOf(row, "initiation_method") ?? "");
  const isTransferred = typeof row.transfer_completed_time === "number";
  return LINK_COLUMNS.flatMap((column) => {
    const otherContactId = textOf(row, column);
    if (otherContactId === undefined) return [];
    const relation = RELATION_OF_COLUMN[column];
    const byTransfer = relation === "next" ? isTransferred : relation === "previous" && isTransfer;
    return [{ contactId, relation, otherContactId, recordId: row.record_id, isTransfer: byTransfer }];
  });
}

/** Agent events know only the first contact of the chain. */
function claimsOfAgentEvent(row: TimelineRow): Claim[] {
  const contacts = [...snapshotContactsOf(row, "contacts"), ...snapshotContactsOf(row, "previous_contacts")];
  return contacts.flatMap(({ contactId, initialContactId }) => {
    if (initialContactId === undefined) return [];
    return [
      { contactId, relation: "initial", otherContactId: initialContactId, recordId: row.record_id, isTransfer: false },
    ];
  });
}

function claimOfLink(link: TimelineLink): Claim {
  return {
    contactId: link.contact_id,
    relation: link.relation,
    otherContactId: link.other_contact_id,
    recordId: link.record_id,
    isTransfer: false,
  };
}

function linksOf(claim: Claim, contactId: string): LineageLink[] {
  if (claim.contactId === claim.otherContactId) return [];
  if (claim.contactId === contactId) return withTransfer(claim, claim.otherContactId, claim.relation);
  if (claim.otherContactId === contactId) return withTransfer(claim, claim.contactId, REVERSE[claim.relation]);
  return [];
}

function withTransfer(claim: Claim, contactId: string, relation: LineageLink["relation"]): LineageLink[] {
  const link = { contact_id: contactId, relation, record_id: claim.recordId };
  if (!claim.isTransfer) return [link];
  if (relation === "next") return [link, { ...link, relation: "transferred_to" }];
  return relation === "previous" ? [link, { ...link, relation: "transferred_from" }] : [link];
}
