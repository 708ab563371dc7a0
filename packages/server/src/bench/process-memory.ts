import { readFile } from "node:fs/promises";

/** Resident memory of a process and its children in MB; 0 where /proc does not tell. */
export async function treeMemory(pid: number): Promise<number> {
  const own = await residentMegabytes(pid);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const below = await Promise.all(
    children
      .split(" ")
      .filter((child) => child !== "")
      .map((child) => residentMegabytes(Number(child))),
  );
  return below.reduce((sum, megabytes) => sum + megabytes, own);
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

/** Clock ticks of Linux in a second, as /proc counts them. */
const TICKS = 100;

/** Processor time that a process has used, user and system, all threads; 0 where /proc does not tell. */
export async function processCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // the name, in brackets, may hold anything; what follows is counted from its end
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}
