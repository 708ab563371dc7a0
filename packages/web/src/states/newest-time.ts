import type { StatusResponse } from "@fourwire/core";

/** The newest event time of any source; undefined when nothing was ever received. */
export function newestTime(status: StatusResponse | undefined): number | undefined {
  const times = (status?.sources ?? []).flatMap((source) => {
    return source.last_event_time === null ? [] : [Date.parse(source.last_event_time)];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
