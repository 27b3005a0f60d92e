import process from "node:process";

/** Processor time that this process has used, all its threads together. */
export function processCpuMs(): number {
  return toMs(process.cpuUsage());
}

/** Processor time that the calling thread has used. */
export function threadCpuMs(): number {
  return toMs(process.threadCpuUsage());
}

function toMs({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1_000;
}
