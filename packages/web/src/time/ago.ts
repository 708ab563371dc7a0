import { formatAge, toMillis } from "./format.ts";

/** How long ago by this computer's clock, at the moment it is asked: `4 s ago`. For hover texts. */
export function ago(time: number | string): string {
  return `${formatAge(Date.now() - toMillis(time))} ago`;
}
