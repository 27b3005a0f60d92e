import process from "node:process";

/** Processor time that this process has used, all its threads together. */
export function processCpuMs(): number {
  return toMs(process.cpuUsage());
}

/** Processor time that the calling thread has used. */
export function threadCpuMs(): number {
  return toMs(process.threadCpuUsage());
}

/** Whether more threads want to run on this machine than it has processors, over the last minute; false where the system does not tell. */
export function isOverloaded(): boolean {
  return Deno.loadavg()[0]! > navigator.hardwareConcurrency;
}

function toMs({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1_000;
}
