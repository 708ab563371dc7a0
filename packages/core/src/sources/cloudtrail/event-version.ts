/**
 * Whether an event version has the fields of `minor` of major version 1. Compared as numbers: "1.10" is after "1.9",
 * and older files write "1.02". Amazon's rule: equal on the major version, at least on the minor.
 */
export function isAtLeastVersion1(eventVersion: string | undefined, minor: number): boolean {
  const [major, written] = eventVersion?.split(".") ?? [];
  return major === "1" && written !== undefined && Number(written) >= minor;
}
