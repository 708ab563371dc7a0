/** An id shortened in the middle: `3f2a9c1b…9f21`. Of an ARN only the resource's own id is shown. */
export function shortenId(id: string, head = 8, tail = 4): string {
  const own = id.startsWith("arn:") ? id.slice(Math.max(id.lastIndexOf("/"), id.lastIndexOf(":")) + 1) : id;
  return own.length <= head + tail + 1 ? own : `${own.slice(0, head)}…${own.slice(-tail)}`;
}
