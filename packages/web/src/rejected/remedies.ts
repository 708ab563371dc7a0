import type { RejectReason } from "@fourwire/core";

export interface Remedy {
  readonly meaning: string;
  readonly remedy: string;
}

const REMEDIES: Readonly<Record<RejectReason, Remedy>> = {
  invalid_json: {
    meaning: "the bytes are not JSON",
    remedy:
      "look at the bytes: a cut-off file ends in the middle of a record; a log line with a prefix needs the prefix taken off before it is sent",
  },
  invalid_utf8: {
    meaning: "the bytes are not UTF-8 text",
    remedy: "check what wrote the file; UTF-16 and Latin-1 have to be converted first",
  },
  unknown_shape: {
    meaning: "the JSON is none of the six sources' records",
    remedy:
      "check that the right file was imported; if it is a record of Amazon Connect, name its source with --source and report the shape",
  },
  missing_field: {
    meaning: "a field that the record cannot do without is absent",
    remedy: "the detail names the field; compare with the source's page in docs/records",
  },
  bad_type: {
    meaning: "a field holds another type than Amazon documents",
    remedy: "the detail names the field and its value; report it if Amazon sent it so",
  },
  bad_time: {
    meaning: "a time could not be read, or lies outside 2001 to 2100",
    remedy: "times need a zone and seconds; check the unit of epoch numbers",
  },
  too_large: {
    meaning: "the record is larger than the limit",
    remedy: "check that records are separated; a whole file taken as one record ends here",
  },
  too_deep: { meaning: "the JSON is nested deeper than the limit", remedy: "no Connect record is; check what sent it" },
  corrupt_gzip: {
    meaning: "the gzip stream is damaged",
    remedy: "fetch the file again; what could be inflated before the damage was kept",
  },
  inflate_limit: {
    meaning: "the file inflates to more than the limit",
    remedy: "check where the file comes from; split it if it is genuine",
  },
  corrupt_aggregate: {
    meaning: "a KPL aggregate on Kinesis is damaged",
    remedy: "check what produced it; the producer's own log names the records it put together",
  },
  too_many_rejected: {
    meaning: "so much of one message could not be decoded that the rest is kept as one rejection",
    remedy: "look at the rejections before this one: most often the wrong log group or stream is read",
  },
  not_allowed: {
    meaning: "the sender's token is for other sources or groups",
    remedy: "give the sender a token that covers them; the detail names what it is for",
  },
};

/** What a reason means and what to do; undefined for a reason newer than this page. */
export function remedyOf(reason: string): Remedy | undefined {
  return isReason(reason) ? REMEDIES[reason] : undefined;
}

function isReason(reason: string): reason is RejectReason {
  return Object.hasOwn(REMEDIES, reason);
}
